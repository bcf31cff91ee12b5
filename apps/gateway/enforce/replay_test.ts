import assert from "node:assert/strict";
import { test } from "node:test";
import { isEmailAction } from "@countersign/core/action";
import { formatPattern } from "@countersign/core/address";
import { type Context, composeEmail, type Decision, decide, scanOrder } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { type PolicyWorld, world } from "@countersign/core/testing/arbitrary-world";
import { loadFiles } from "@countersign/core/testing/load-files";
import { report, textOf } from "@countersign/core/testing/report";
import { inspect } from "@countersign/documents";
import { factsOf, replayCommitments, replayIntent } from "@countersign/lifecycle";
import { encodeRecord, type TrailRecord } from "@countersign/trail";
import fc from "fast-check";
import { judgedEntry } from "./judged_entry.ts";

/** How many policies are drawn; a longer run raises it. Each judges `CASES` requests. */
const RUNS = Number(process.env.REPLAY_RUNS ?? 30);
const CASES = 25;

type Case = ReturnType<PolicyWorld["cases"][number]>;

/** A request as it is judged under policies, with its files looked through. */
async function judged(policies: PolicySet, { asked, context: given }: Case) {
  const policy = policies.teams.get(given.team);
  const action =
    policy !== undefined && isEmailAction(asked) ? composeEmail(policy, asked, given.original) : asked;
  const inspection =
    policy !== undefined && isEmailAction(action) && action.draft.attachments.length > 0
      ? await inspect({ ...scanOrder(policy, action, given), now: given.now })
      : undefined;
  const context: Context = { ...given, ...(inspection && { inspection }) };
  return { action, context, policy, decision: decide(policies, action, context) };
}

/** What the gateway puts on record of a request. */
async function recorded(policies: PolicySet, one: Case) {
  const { action, context, policy, decision } = await judged(policies, one);
  const { team, assistant, person, isProven = true, original, now } = context;
  const receivedAt = now - 7;
  const facts = factsOf({ action, context, policy, decision, receivedAt });
  const {
    at,
    data,
    sealed = [],
  } = judgedEntry({
    call: {
      ...({ id: "req", door: "rest", action, receivedAt } as const),
      caller: { team, assistant, ...(isProven && { key: "sha256:" }) },
      ...(person && { person }),
    },
    ...{ decision, policy, receipt: "rcp_1", counters: [] },
    ...(facts && { facts }),
    ...(original?.ok && { originalSubject: original.subject }),
  });
  const frame = { kind: "intent", team, assistant, receipt: "rcp_1", policy: null, seq: 0 } as const;
  const json = encodeRecord({ ...frame, at: new Date(at).toISOString(), data });
  const record = JSON.parse(json) as TrailRecord<"intent">;
  const values = new Map(sealed.map(({ commitment, value }) => [commitment, value]));
  return { record, values, decision };
}

function verdict({ effect, held, findings, sendAt }: Decision) {
  const denying = findings.filter((one) => one.effect === "deny").map(({ rule }) => rule);
  return {
    effect,
    held,
    denying: [...new Set(denying)].sort(),
    sendAt: effect === "allow" ? sendAt : undefined,
  };
}

test("replayIntent() under the policies that decided changes nothing, whatever was asked", async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(world(CASES), async ({ files, cases }) => {
      const policies = loadFiles(files);
      for (const toCase of cases) {
        const one = toCase(policies);
        const { record, values, decision } = await recorded(policies, one);
        const again = replayIntent(record, values, policies);
        const told = () =>
          `${JSON.stringify(again)}\n${JSON.stringify(record.data.facts)}${report(files, one)}`;
        assert.ok(again.ok, told());
        // Whom an email reached that may not be answered is not on record: what else is wrong may be told otherwise.
        const isUnfit = record.data.facts?.original !== undefined;
        const blurred = isUnfit ? { denying: [] } : {};
        assert.deepEqual(
          { ...verdict(again.decision), ...blurred },
          { ...verdict(decision), ...blurred },
          told(),
        );
        compared++;
      }
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
  assert.equal(compared, RUNS * CASES);
});

/** The world of a request, were its mailbox set as other policies declare it wherever it was as its own declare it. */
function underCandidate({ context, ...one }: Case, own: TeamPolicy, candidate: TeamPolicy): Case {
  const { live } = context;
  if (live === undefined) return { ...one, context };
  const listed = (policy: TeamPolicy) => policy.recipients.skipApproval.map(({ value }) => value);
  const texts = (list: typeof live.allowlist) =>
    JSON.stringify(
      [...new Set(list.map((entry) => (typeof entry === "string" ? entry : formatPattern(entry))))].sort(),
    );
  const copy = (name: "autoCc" | "autoBcc") =>
    live[name]?.toLowerCase() === own.mailbox[name]?.toLowerCase() ? candidate.mailbox[name] : live[name];
  const { autoCc: _, autoBcc: __, address, ...rest } = live;
  const [autoCc, autoBcc] = [copy("autoCc"), copy("autoBcc")];
  const isOwn = address?.toLowerCase() === own.mailbox.address.toLowerCase();
  return {
    ...one,
    context: {
      ...context,
      live: {
        ...rest,
        oversight: live.oversight === own.oversight ? candidate.oversight : live.oversight,
        allowlist: texts(live.allowlist) === texts(listed(own)) ? listed(candidate) : live.allowlist,
        ...(autoCc && { autoCc }),
        ...(autoBcc && { autoBcc }),
        ...(address !== undefined && !isOwn && { address }),
      },
    },
  };
}

test("replayIntent() under other policies decides what they would have decided then, or says that it cannot", async () => {
  const seen = { exact: 0, changed: 0, not: 0 };
  await fc.assert(
    fc.asyncProperty(world(CASES), world(0), async ({ files, cases }, other) => {
      const [policies, candidate] = [loadFiles(files), loadFiles(other.files)];
      for (const toCase of cases) {
        const one = toCase(policies);
        const [own, next] = [policies, candidate].map(({ teams }) => teams.get(one.context.team));
        const { record, values, decision } = await recorded(policies, one);
        const again = replayIntent(record, values, candidate);
        if (!again.ok) {
          seen.not++;
          assert.equal(again.why, "not_looked_up");
          assert.ok(again.wanting.length > 0);
          continue;
        }
        const then = own && next ? underCandidate(one, own, next) : one;
        const truth = (await judged(candidate, then)).decision;
        const told = () =>
          `${JSON.stringify(again)}\n${JSON.stringify(truth)}\n${JSON.stringify(record.data.facts)}${report(files, then)}\n# candidate\n${textOf(other.files)}`;
        assert.deepEqual([again.decision.effect, again.decision.held], [truth.effect, truth.held], told());
        seen.exact++;
        if (truth.effect !== decision.effect || truth.held !== decision.held) seen.changed++;
      }
    }),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
  assert.ok(seen.exact > 5 * seen.not && seen.changed > RUNS, JSON.stringify(seen));
});

test("replayIntent() needs the values behind replayCommitments(), and says of each that it was erased", async () => {
  let erased = 0;
  await fc.assert(
    fc.asyncProperty(world(5), async ({ files, cases }) => {
      const policies = loadFiles(files);
      for (const toCase of cases) {
        const { record, values } = await recorded(policies, toCase(policies));
        const needed = replayCommitments(record.data);
        const only = new Map(
          needed.map((commitment) => [commitment, values.get(commitment) ?? assert.fail()]),
        );
        assert.ok(replayIntent(record, only, policies).ok);
        for (const commitment of needed) {
          const rest = new Map([...only].filter(([one]) => one !== commitment));
          assert.deepEqual(replayIntent(record, rest, policies), { ok: false, why: "erased", wanting: [] });
          erased++;
        }
      }
    }),
    { numRuns: 20, endOnFailure: true },
  );
  assert.ok(erased > 100);
});
