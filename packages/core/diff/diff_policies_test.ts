import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isEmailAction } from "../action/mod.ts";
import { type Aspect, looserIn, type Rank } from "../classes/mod.ts";
import { type Context, composeEmail, type Decision, decide, judgedRecipients } from "../decision/mod.ts";
import { loadPolicies, type PolicyFile, type PolicySet, type TeamPolicy } from "../policy/mod.ts";
import { type PolicyCase, policyCase } from "../reference/testing/arbitrary_case.ts";
import { policyFiles } from "../reference/testing/arbitrary_files.ts";
import { today } from "../reference/testing/arbitrary_world.ts";
import { check, report, textOf } from "../reference/testing/report.ts";
import { withOneFrom } from "../reference/testing/with_one_from.ts";
import { parseScenario, playScenario } from "../what_if/mod.ts";
import { changedRequests, diffPolicies } from "./diff_policies.ts";
import type { ChangedRequest } from "./policy_change.ts";

/** Pairs of policies a run, and questions to each; a longer run sets `DIFF_PAIRS`. */
const PAIRS = Number(process.env.DIFF_PAIRS ?? 24);
const QUESTIONS = 40;
const DAY_MS = 86_400_000;

const pair = today.chain((day) =>
  fc.record({
    day: fc.constant(day),
    before: policyFiles(day),
    other: policyFiles(day),
    keys: fc.array(fc.nat(40), { minLength: 1, maxLength: 3 }),
    cases: fc.array(policyCase(day), { minLength: QUESTIONS, maxLength: QUESTIONS }),
  }),
);

test("changedRequests() covers every request that two policies decide otherwise", () => {
  const count = { pairs: 0, compared: 0, differing: 0 };
  const seed = Number(process.env.DIFF_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`comparing from seed ${seed}`);
  check(
    fc.property(pair, ({ day, before: files, other, keys, cases }) => {
      const before = load(files);
      const changed = keys.reduce((all, key) => withOneFrom(all, other, key), files);
      const after = load(changed);
      if (before === undefined || after === undefined) return;
      count.pairs++;
      for (const name of ["finance", "support"]) {
        const [was, will] = [before.teams.get(name), after.teams.get(name)];
        if (was === undefined || will === undefined) continue;
        const { groups, classes } = changedRequests({ before: was, after: will }, day - 4 * DAY_MS);
        for (const toCase of cases)
          for (const asker of [before, after]) {
            const one = toCase(asker);
            const { asked, context } = one;
            if (context.team !== name || isNeverAsked(one)) continue;
            const [first, second] = [answer(was, one), answer(will, one)];
            count.compared++;
            const own = isEmailAction(asked) ? judgedRecipients(was, asked, context) : [];
            if (own.some(({ parsed }) => !parsed.ok)) continue;
            const have = new Set(
              own.flatMap(({ parsed }) => (parsed.ok ? [classes.recipients.classOf(parsed.address)] : [])),
            );
            const time = classes.signatureOf(context.assistant, context.now);
            const covers = ({ scope }: ChangedRequest, rank: Rank): boolean =>
              scope.rank === rank &&
              scope.assistant === context.assistant &&
              scope.action === asked.name &&
              (!isEmailAction(asked) || scope.time === time || asked.draft.sendAt !== undefined) &&
              scope.classes.every((index) => have.has(index)) &&
              (scope.aspect === undefined || HAS[scope.aspect](one, own.length));
            for (const [direction, ranks] of [
              ["wider", looserIn(first, second)],
              ["tighter", looserIn(second, first)],
            ] as const)
              for (const rank of ranks) {
                count.differing++;
                if (
                  groups.some(
                    (group) =>
                      group.direction === direction && group.requests.some((said) => covers(said, rank)),
                  )
                )
                  continue;
                throw new Error(
                  `Not said: ${direction} ${rank} ${show(first)} → ${show(second)}${report(files, one)}\n# afterwards\n${textOf(changed)}`,
                );
              }
          }
      }
    }),
    { seed, numRuns: PAIRS },
  );
  console.log(`compared ${count.compared} decisions of ${count.pairs} pairs, ${count.differing} differ`);
  assert.ok(count.pairs > PAIRS / 4, `Only ${count.pairs} of ${PAIRS} pairs are valid`);
  // Few pairs may differ in little that was asked.
  assert.ok(
    count.differing > (PAIRS < 100 ? 0 : PAIRS / 2),
    `Only ${count.differing} of ${count.compared} differ`,
  );
});

test("diffPolicies() shows of each change a request that decide() judges so", async () => {
  const seed = Number(process.env.DIFF_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`showing from seed ${seed}`);
  const count = { shown: 0, undecided: 0 };
  const pairs = fc.sample(pair, { seed, numRuns: Math.ceil(PAIRS / 3) });
  for (const { day, before: files, other, keys } of pairs) {
    const before = load(files);
    const after = load(keys.reduce((all, key) => withOneFrom(all, other, key), files));
    if (before === undefined || after === undefined) continue;
    const { changes } = await diffPolicies(before, after, { now: day - 4 * DAY_MS });
    for (const { direction, example, scope, verdict, sentence } of changes) {
      assert.equal(example !== undefined, verdict === "shown", sentence);
      if (verdict === "not_decided") {
        count.undecided++;
        console.log(`not decided: ${sentence}`);
      }
      if (example === undefined) continue;
      count.shown++;
      const [team = "", assistant = ""] = example.as.split("/");
      // As somebody pastes it into `countersign decide`.
      const scenario = parseScenario(JSON.parse(JSON.stringify(example.scenario)));
      const [was, will] = await Promise.all(
        [before, after].map(async (set) =>
          (await playScenario(set, { team, assistant }, scenario, { now: Date.parse(example.now) })).at(0),
        ),
      );
      assert.ok(was && will);
      const [strict, loose] = direction === "wider" ? [was, will] : [will, was];
      const ranks = looserIn(strict.decision, loose.decision);
      assert.ok(
        scope.some(({ rank }) => ranks.includes(rank)),
        `${sentence} ${JSON.stringify(example)}`,
      );
    }
  }
  console.log(`shown ${count.shown}, not decided ${count.undecided}`);
  assert.ok(count.shown > (PAIRS < 100 ? 0 : PAIRS / 2), `Only ${count.shown} changes were shown`);
  // Patterns that contradict a prefix, and types of files of which no sample is known.
  assert.ok(PAIRS < 100 || count.undecided < count.shown / 5, `${count.undecided} changes were not decided`);
});

/** Whether a request has in it what a sentence is about; the number of its recipients is given. */
const HAS: Readonly<Record<Aspect, (one: PolicyCase, recipients: number) => boolean>> = {
  asker: () => true,
  content: ({ asked }) => isEmailAction(asked),
  files: ({ asked }) => isEmailAction(asked) && asked.draft.attachments.length > 0,
  limits: ({ context }) => (context.usage?.length ?? 0) > 0,
  contact: () => true,
  "outside mail": ({ context }) => context.outsideMailReadAt !== undefined,
  overlap: ({ context }) => (context.recent?.length ?? 0) > 0,
  send_at: ({ asked }) => isEmailAction(asked) && asked.draft.sendAt !== undefined,
  require: () => true,
  compose: ({ asked }) => isEmailAction(asked),
  count: (_, recipients) => recipients > 1,
};

/** A report is one email for each recipient, and nobody is asked for nothing. */
function isNeverAsked({ asked }: PolicyCase): boolean {
  return asked.name === "report" && asked.recipients.length > 1;
}

function show({ effect, held, findings }: Decision): string {
  return `${effect} ${held} ${findings.map((one) => `${one.rule}:${one.effect}`).join()}`;
}

function load(files: readonly PolicyFile[]): PolicySet | undefined {
  const result = loadPolicies(files, { sha256: () => "0".repeat(64) });
  return result.ok ? result.policies : undefined;
}

/** Each policy's mailbox is as it declares it. */
function answer(policy: TeamPolicy, { asked, context }: PolicyCase): Decision {
  const { recipients, oversight, mailbox } = policy;
  const own: Context = {
    ...context,
    live: {
      oversight,
      allowlist: recipients.skipApproval.map(({ value }) => value),
      ...(mailbox.autoCc !== undefined && { autoCc: mailbox.autoCc }),
      ...(mailbox.autoBcc !== undefined && { autoBcc: mailbox.autoBcc }),
      active: true,
      seenAt: context.now,
    },
  };
  const set: PolicySet = { hash: "", files: [], teams: new Map([[policy.team, policy]]), keys: new Map() };
  return decide(set, isEmailAction(asked) ? composeEmail(policy, asked, context.original) : asked, own);
}
