import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Action, isEmailAction } from "../action/mod.ts";
import { canonicalText } from "../classes/mod.ts";
import { loadPolicies, type PolicyFile, type PolicySet, type TeamPolicy } from "../policy/mod.ts";
import { type PolicyCase, policyCase } from "../reference/testing/arbitrary_case.ts";
import { policyFiles } from "../reference/testing/arbitrary_files.ts";
import { today } from "../reference/testing/arbitrary_world.ts";
import { check, report } from "../reference/testing/report.ts";
import { withOneFrom } from "../reference/testing/with_one_from.ts";
import type { Context } from "./context.ts";
import { judgedRecipients } from "./judged_recipients.ts";
import type { Rule, RuleInput } from "./rule.ts";
import { type Fact, RULE_INPUTS } from "./rule_inputs.ts";
import { RULES } from "./rules.ts";
import { scanDraft } from "./scan_draft.ts";

/** Policies a run; a longer run sets `INPUTS_RUNS`. */
const RUNS = Number(process.env.INPUTS_RUNS ?? 12);
const QUESTIONS = 20;

const world = today.chain((day) =>
  fc.record({
    files: policyFiles(day),
    other: policyFiles(day),
    key: fc.nat(40),
    cases: fc.array(policyCase(day), { minLength: QUESTIONS, maxLength: QUESTIONS }),
  }),
);

test("RULE_INPUTS names every fact that a rule looks at: with all others changed it finds the same", () => {
  let found = 0;
  eachCase(({ policy, cases, files }) => {
    for (const [index, one] of cases.entries()) {
      const input = inputOf(policy, one);
      const other = inputOf(policy, cases[(index + 1) % cases.length] ?? one);
      if (input === undefined || other === undefined) continue;
      for (const rule of RULES) {
        const changed: RuleInput = { ...input };
        for (const [fact, swap] of Object.entries(SWAPS) as [Fact, (typeof SWAPS)[Fact]][])
          if (!RULE_INPUTS[rule.name].facts.includes(fact)) Object.assign(changed, swap(changed, other));
        const want = evaluate(rule, input);
        if (want.length > 0) found++;
        assert.deepEqual(evaluate(rule, changed), want, `${rule.name}${report(files, one)}`);
      }
    }
  });
  assert.ok(found > RUNS * 10, `Only ${found} rules found anything`);
});

test("RULE_INPUTS names all of a policy that a rule looks at: where that is the same, it finds the same", () => {
  let same = 0;
  eachCase(({ policy, other, cases, files }) => {
    for (const one of cases) {
      const [input, changed] = [inputOf(policy, one), other && inputOf(other, one)];
      if (input === undefined || changed === undefined) continue;
      for (const rule of RULES) {
        const { policy: slice } = RULE_INPUTS[rule.name];
        const [own, theirs] = [
          slice(input.policy, input.assistant),
          slice(changed.policy, changed.assistant),
        ];
        if (canonicalText(own) !== canonicalText(theirs)) continue;
        const want = evaluate(rule, input);
        if (want.length > 0) same++;
        const got = evaluate(rule, { ...changed, recipients: input.recipients, held: input.held });
        assert.deepEqual(withoutPlaces(got), withoutPlaces(want), `${rule.name}${report(files, one)}`);
      }
    }
  });
  assert.ok(same > RUNS * 5, `Only ${same} rules found anything`);
});

interface Cases {
  readonly policy: TeamPolicy;
  /** The same team with one key as others have it. */
  readonly other: TeamPolicy | undefined;
  readonly cases: readonly PolicyCase[];
  readonly files: readonly PolicyFile[];
}

function eachCase(ask: (cases: Cases) => void): void {
  const seed = Number(process.env.INPUTS_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`comparing from seed ${seed}`);
  check(
    fc.property(world, ({ files, other, key, cases }) => {
      const policies = load(files);
      const changed = load(withOneFrom(files, other, key));
      for (const policy of policies?.teams.values() ?? []) {
        if (policies === undefined) continue;
        const own = cases
          .map((toCase) => toCase(policies))
          .filter(({ context }) => context.team === policy.team);
        ask({ policy, other: changed?.teams.get(policy.team), cases: own, files });
      }
    }),
    { seed, numRuns: RUNS },
  );
}

function load(files: readonly PolicyFile[]): PolicySet | undefined {
  const result = loadPolicies(files, { sha256: () => "0".repeat(64) });
  return result.ok ? result.policies : undefined;
}

function inputOf(policy: TeamPolicy, { action, context }: PolicyCase): RuleInput | undefined {
  const assistant = policy.assistants.get(context.assistant);
  if (assistant === undefined) return undefined;
  const recipients = judgedRecipients(policy, action, context);
  const scan = isEmailAction(action)
    ? scanDraft(policy, action, context)
    : { found: new Map(), unreadable: [] };
  const held = context.live?.oversight === "gated_all";
  return { policy, assistant, action, context, recipients, held, scanned: () => scan };
}

/** What each fact is in the input of a rule: as another request has it. */
const SWAPS: Readonly<Record<Fact, (input: RuleInput, other: RuleInput) => Partial<RuleInput>>> = {
  action: ({ action }, other) =>
    isEmailAction(action) && isEmailAction(other.action)
      ? { action: { ...action, name: other.action.name } as Action }
      : {},
  mailboxId: ({ action }, other) => {
    const { mailboxId: _, ...rest } = action;
    const { mailboxId } = other.action;
    return { action: { ...rest, ...(mailboxId !== undefined && { mailboxId }) } as Action };
  },
  recipients: ({ action }, other) => ({
    recipients: other.recipients,
    ...(isEmailAction(action) &&
      isEmailAction(other.action) && { action: { ...action, recipients: other.action.recipients } }),
  }),
  held: ({ held }) => ({ held: !held }),
  content: (_, { scanned }) => ({ scanned }),
  files: draft("attachments"),
  text: draft("subject", "markdown", "added"),
  sendAt: draft("sendAt"),
  now: context("now", "askedAt"),
  person: context("person", "isProven"),
  live: context("live"),
  stopped: context("stopped"),
  original: context("original"),
  usage: context("usage"),
  recent: context("recent"),
  knownContacts: context("knownContacts"),
  outsideMail: context("outsideMailReadAt", "writtenBefore"),
};

function context(...keys: readonly (keyof Context)[]): (typeof SWAPS)[Fact] {
  return (input, other) => ({ context: swapped(input.context, other.context, keys) });
}

function draft(
  ...keys: readonly (keyof Extract<Action, { draft: unknown }>["draft"])[]
): (typeof SWAPS)[Fact] {
  return ({ action }, other) =>
    isEmailAction(action) && isEmailAction(other.action)
      ? { action: { ...action, draft: swapped(action.draft, other.action.draft, keys) } }
      : {};
}

function swapped<T extends object>(own: T, theirs: T, keys: readonly (keyof T)[]): T {
  const all = Object.entries(own).filter(([key]) => !keys.includes(key as keyof T));
  const others = Object.entries(theirs).filter(([key]) => keys.includes(key as keyof T));
  return Object.fromEntries([...all, ...others]) as T;
}

function evaluate(rule: Rule, input: RuleInput): ReturnType<Rule["evaluate"]> {
  try {
    return rule.evaluate(input);
  } catch {
    return [{ effect: "deny", message: "It threw" }];
  }
}

function withoutPlaces(findings: ReturnType<Rule["evaluate"]>): readonly object[] {
  return findings.map(({ where: _, detail: __, ...rest }) => rest);
}
