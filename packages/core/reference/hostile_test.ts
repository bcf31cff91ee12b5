import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Action, isEmailAction } from "../action/mod.ts";
import { parseAddress } from "../address/mod.ts";
import { type Context, decide } from "../decision/mod.ts";
import type { Located, PolicySet, TeamPolicy } from "../policy/mod.ts";
import { world } from "./testing/arbitrary_world.ts";
import { loadFiles } from "./testing/load_files.ts";
import { check } from "./testing/report.ts";

const RUN = { seed: 20_261_123, numRuns: 60 };
const WHERE = { file: "teams/hostile.yaml", line: 1, column: 1 };

const number = fc.constantFrom(Number.NaN, Infinity, -Infinity, 8.64e15 + 1, -8.64e15 - 1, 1e308, -1, 0.5);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "\u0000",
    "\ud800",
    "=?utf-8?q?a?=@b",
    "a".repeat(5000),
    "@".repeat(5000),
  ),
);
const hostile = fc.record({
  now: number,
  seenAt: number,
  readAt: number,
  used: number,
  windowMs: number,
  at: number,
  expiresAt: number,
  strings: fc.array(text, { minLength: 8, maxLength: 8 }),
  timezone: fc.constantFrom("Mars/Phobos", "", "+99:99", "Europe/Paris"),
  days: fc.constantFrom([], [1], [8]),
  pattern: fc.constantFrom("(", "a**", "(?=a)", "\\p{Nonsense}", "falcon"),
  onlyTheClock: fc.boolean(),
});
type Hostile = typeof hostile extends fc.Arbitrary<infer T> ? T : never;

test("decide() answers whatever it is asked, of whatever policy", () => {
  check(
    fc.property(world(20), hostile, ({ files, cases }, hostile) => {
      const policies = loadFiles(files);
      const teams = [...policies.teams].map(([name, team]): [string, TeamPolicy] => [
        name,
        spoilt(team, hostile),
      ]);
      for (const toCase of cases) {
        const { action, context } = toCase(policies);
        for (const asked of [policies, { ...policies, teams: new Map(teams) }] satisfies PolicySet[]) {
          const { effect, findings } = decide(
            asked,
            spoiltAction(action, hostile),
            spoiltContext(context, hostile),
          );
          assert.ok(effect === "allow" || findings.some((finding) => finding.effect === "deny"));
        }
      }
    }),
    RUN,
  );
});

test("decide() lets no email leave when it cannot tell how old its knowledge is", () => {
  check(
    fc.property(world(20), fc.constantFrom("now", "seenAt"), ({ files, cases }, which) => {
      const policies = loadFiles(files);
      for (const toCase of cases) {
        const { action, context } = toCase(policies);
        if (!isEmailAction(action) || context.live === undefined) continue;
        const now = which === "now" ? Number.NaN : context.now;
        const seenAt = which === "seenAt" ? Number.NaN : context.live.seenAt;
        const { effect } = decide(policies, action, { ...context, now, live: { ...context.live, seenAt } });
        assert.equal(effect, "deny", `With ${which} that is no number`);
      }
    }),
    RUN,
  );
});

/** A policy that no file can say. */
function spoilt(
  policy: TeamPolicy,
  { timezone, days, pattern, windowMs, expiresAt, strings }: Hostile,
): TeamPolicy {
  const located = <T>(value: T): Located<T> => ({ value, text: "", where: WHERE });
  const [name = "", rule = ""] = strings;
  const rate = { count: windowMs, windowMs, text: name, where: WHERE };
  return {
    ...policy,
    content: {
      block: [located({ kind: "pattern", name, pattern })],
      flag: policy.content.flag,
      unscannable: policy.content.unscannable,
    },
    hours: {
      windows: [{ days: new Set(days), from: Number.NaN, to: 1e9 }],
      timezone,
      holidays: [{ name, days: new Set([name]), where: WHERE }],
      outside: "schedule",
      outsideAt: WHERE,
      where: WHERE,
    },
    limits: { perAssistant: [rate], perRecipient: [rate], perDomain: [rate], perUser: [rate], team: [rate] },
    overlap: { windowMs, similarity: Number.NaN, action: "flag" },
    rules: new Map([...policy.rules, [rule, "warn"]]),
    exceptions: [
      ...policy.exceptions,
      { rule: "hours", recipients: [], reason: name, owner: name, expires: name, expiresAt, where: WHERE },
    ],
  };
}

function spoiltAction(action: Action, { strings, onlyTheClock }: Hostile): Action {
  if (onlyTheClock || !isEmailAction(action)) return action;
  const [subject = "", markdown = "", name = "", contentType = "", contentBase64 = "", sendAt = "", to = ""] =
    strings;
  const recipients = [...action.recipients, { field: "bcc", text: to, parsed: parseAddress(to) } as const];
  const attachments = [...action.draft.attachments, { name, contentType, contentBase64 }];
  return { ...action, recipients, draft: { subject, markdown, attachments, sendAt }, mailboxId: name };
}

function spoiltContext(context: Context, { strings, ...numbers }: Hostile): Context {
  const [text = "", other = ""] = strings;
  const { now, seenAt, readAt, used, windowMs, at } = numbers;
  if (numbers.onlyTheClock) return { ...context, now };
  return {
    ...context,
    now,
    live: { oversight: text, allowlist: [text, other], autoCc: text, active: true, seenAt },
    original: {
      ok: true,
      participants: [{ text, parsed: parseAddress(text) }],
      status: other,
      subject: text,
    },
    usage: [{ limit: "per_recipient", recipient: text, windowMs, used }],
    recent: [
      { receipt: text, team: other, assistant: text, at, recipients: [text], fingerprint: [used, at] },
    ],
    knownContacts: new Set([text]),
    outsideMailReadAt: readAt,
    writtenBefore: new Set([other]),
  };
}
