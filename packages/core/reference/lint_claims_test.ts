import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDocument } from "yaml";
import { parseSend } from "../action/mod.ts";
import { parseAddress } from "../address/mod.ts";
import { type Decision, decide, type LimitCounter, type LimitUsage, limitCounters } from "../decision/mod.ts";
import { type LintedFinding, lintPolicies } from "../lint/mod.ts";
import type { PolicyFile, PolicySet } from "../policy/mod.ts";
import { policyCase } from "./testing/arbitrary_case.ts";
import { policyFiles } from "./testing/arbitrary_files.ts";
import { today } from "./testing/arbitrary_world.ts";
import { loadFiles } from "./testing/load_files.ts";
import { check, report } from "./testing/report.ts";

/** More find more. */
const RUNS = 30;
const SEED = Math.floor(Math.random() * 2 ** 31);

/** What random policies have often enough to be counted on. Of limits, whose counters here are made up, another test says it. */
const FOUND_OFTEN = [
  ...["outside_team", "outside_company", "repeated_recipient"],
  ...["idle_exception", "expired_exception", "idle_setting", "unused_name"],
];

test("what lint says changes nothing changes no decision when it is taken out", () => {
  const seen = new Map<string, number>();
  console.log(`linting from seed ${SEED}`);
  check(
    fc.property(
      today.chain((day) =>
        fc.record({
          day: fc.constant(day),
          files: policyFiles(day),
          cases: fc.array(policyCase(day), { minLength: 24, maxLength: 24 }),
        }),
      ),
      ({ day, files, cases }) => {
        const policies = loadFiles(files);
        const asked = cases.map((toCase) => toCase(policies)).filter(({ context }) => context.now >= day);
        for (const finding of lintPolicies({ policies, tests: [], now: day })) {
          if (finding.isIdle !== true || finding.rule === "unreachable_limit") continue;
          seen.set(finding.rule, (seen.get(finding.rule) ?? 0) + 1);
          const without = loadFiles(withoutWhatIs(finding, files));
          for (const { action, context } of asked) {
            const [before, after] = [policies, without].map((one) => judged(decide(one, action, context)));
            try {
              assert.deepEqual(after, before);
            } catch (error) {
              const text = error instanceof Error ? error.message : String(error);
              throw new Error(
                `${finding.rule} at ${finding.path}: ${finding.message}\n${text}\n${report(files, { action, context })}`,
              );
            }
          }
        }
      },
    ),
    { seed: SEED, numRuns: RUNS },
  );
  console.log([...seen].flat().join(" "));
  for (const rule of FOUND_OFTEN)
    assert.ok((seen.get(rule) ?? 0) >= 1, `${rule}: ${seen.get(rule) ?? 0} found`);
});

/** All that comes of a decision. When denied email might have left, and who had to approve it, is no matter. */
function judged({ effect, held, sendAt, requirements }: Decision): unknown {
  if (effect === "deny") return { effect };
  const wanted = requirements?.map(({ needed, by }) => [needed, by.map(({ address }) => address)]);
  return { effect, held, sendAt, wanted };
}

function withoutWhatIs({ where, path }: LintedFinding, files: readonly PolicyFile[]): readonly PolicyFile[] {
  return files.map((file) => {
    if (file.file !== where.file) return file;
    const document = parseDocument(new TextDecoder().decode(file.bytes));
    assert.ok(document.deleteIn(stepsOf(path)), `Nothing is at ${path}`);
    return { ...file, bytes: new TextEncoder().encode(String(document)) };
  });
}

/** `exceptions[0].recipients[1]` → exceptions, 0, recipients, 1; the name of a rule is one step. */
function stepsOf(path: string): readonly (string | number)[] {
  const rule = /^rules\.(.*)$/.exec(path)?.[1];
  if (rule !== undefined) return ["rules", rule];
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) =>
    key === undefined ? Number(index) : /^\d+$/.test(key) ? Number(key) : key,
  );
}

const rate = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom("minute", "hour", "day"))
  .map(([count, window]) => `${count}/${window}`);
const some = fc.option(rate, { nil: undefined });
const limitsOf = fc.record({ per_assistant: some, per_recipient: some, per_domain: some, per_user: some });

/** One email: who sends it, to whom, for whom, and how long after the one before. */
const sent = fc.record({
  assistant: fc.constantFrom("a", "b"),
  to: fc.constantFrom("x@one.example", "y@one.example", "z@two.example"),
  user: fc.constantFrom("ana@acme.example", "bob@acme.example"),
  after: fc.constantFrom(0, 1, 1_000, 20_000, 59_999, 60_000, 600_000, 3_600_000, 20_000_000),
});

test("a limit that lint says is never reached stops nothing that another does not stop", () => {
  let tried = 0;
  check(
    fc.property(
      fc.record({ own: limitsOf, other: fc.option(limitsOf), team: limitsOf, all: some }),
      fc.array(sent, { minLength: 30, maxLength: 60 }),
      ({ own, other, team, all }, emails) => {
        const content = {
          ...{ team: "ops", mailbox: { id: "mbx", address: "ops@acme.multimail.dev" } },
          ...{ oversight: "gated_all", approvers: ["lead@acme.example"] },
          limits: { ...team, team: all },
          assistants: ["a", "b"].map((id) => ({
            id,
            users: { sign_in: "required", allow: ["*@acme.example"] },
            limits: id === "a" ? own : (other ?? {}),
          })),
        };
        const bytes = new TextEncoder().encode(JSON.stringify(content));
        const files = [{ name: "ops.yaml", file: "teams/ops.yaml", bytes }];
        const policies = loadFiles(files);
        for (const finding of lintPolicies({ policies, tests: [], now: 0 })) {
          if (finding.rule !== "unreachable_limit") continue;
          tried++;
          const without = loadFiles(withoutWhatIs(finding, files));
          assert.deepEqual(accepted(without, emails), accepted(policies, emails), finding.message);
        }
      },
    ),
    { seed: SEED, numRuns: RUNS },
  );
  assert.ok(tried >= RUNS / 4, `${tried} limits found`);
});

/** Which of these emails, one after the other, are let through, counted as the gateway counts them. */
function accepted(
  policies: PolicySet,
  emails: readonly (typeof sent extends fc.Arbitrary<infer T> ? T : never)[],
) {
  const counted: { readonly key: string; readonly at: number }[] = [];
  let now = Date.parse("2026-11-23T10:00:00Z");
  const live = { oversight: "gated_all", allowlist: [], active: true };
  return emails.map(({ assistant, to, user, after }) => {
    now += after;
    const action = parseSend({ to, subject: "s", body: "b" });
    const policy = policies.teams.get("ops");
    const sender = policy?.assistants.get(assistant);
    const address = parseAddress(user);
    assert.ok(policy && sender && address.ok && action.name === "send");
    const person = { issuer: "https://sign-in.example", subject: user, address: address.address, claims: [] };
    const counters = limitCounters(policy, sender, { recipients: action.recipients, person });
    const keyOf = ({ limit, recipient, domain, user, rate }: LimitCounter) =>
      [limit, recipient, domain, user, rate.windowMs, limit === "per_assistant" && assistant].join();
    const usage = counters.map(
      (counter): LimitUsage => ({
        ...{ limit: counter.limit, windowMs: counter.rate.windowMs },
        ...(counter.recipient !== undefined && { recipient: counter.recipient }),
        ...(counter.domain !== undefined && { domain: counter.domain }),
        used: counted.filter(({ key, at }) => key === keyOf(counter) && now - at < counter.rate.windowMs)
          .length,
      }),
    );
    const context = { now, team: "ops", assistant, person, usage, live: { ...live, seenAt: now } };
    const { effect } = decide(policies, action, context);
    // Two limits of one kind and window are one counter.
    if (effect === "allow") for (const key of new Set(counters.map(keyOf))) counted.push({ key, at: now });
    return effect;
  });
}
