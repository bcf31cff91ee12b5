import type { Aspect } from "../classes/mod.ts";
import {
  type Classes,
  type ClassRequest,
  canonicalText,
  classesOf,
  classScenario,
  decideClass,
  looserIn,
  mindedRules,
  type Rank,
} from "../classes/mod.ts";
import type { Decision } from "../decision/mod.ts";
import type { PolicySet, RuleName, TeamPolicy } from "../policy/mod.ts";
import { playScenario } from "../what_if/play_scenario.ts";
import { changeSentence } from "./_change_sentence.ts";
import { changeWheres } from "./_change_wheres.ts";
import { organisationChanges } from "./_organisation_changes.ts";
import { rightsChanges } from "./_rights_changes.ts";

/** Everything that changed, the widest first. */
export interface PolicyDiff {
  readonly changes: readonly PolicyChange[];
}

/** How policies are compared. */
export interface DiffOptions {
  /** Requests of from now on are compared; epoch milliseconds. */
  readonly now: number;
  /** Called after each team. */
  readonly onTeam?: (done: number, of: number) => void;
}

import type {
  ChangedRequest,
  ChangeExample,
  ChangeGroup,
  ChangeScope,
  Direction,
  PolicyChange,
  TeamPair,
} from "./policy_change.ts";

/**
 * What policies let through that others do not, and the other way round: `decide` under both, on each class of requests
 * that the two together can tell apart. Every example was played before it is given.
 */
export async function diffPolicies(
  before: PolicySet,
  after: PolicySet,
  { now, onTeam }: DiffOptions,
): Promise<PolicyDiff> {
  const pairs = pairTeams(before, after);
  const changes: PolicyChange[] = [...organisationChanges(before, after)];
  for (const [index, pair] of pairs.entries()) {
    changes.push(...rightsChanges(pair));
    if (!isSame(pair)) {
      for (const group of changedRequests(pair, now).groups)
        changes.push(await toChange(group, { before, after }));
    }
    onTeam?.(index + 1, pairs.length);
  }
  return {
    changes: [...changes].sort(
      (a, b) => Number(a.direction === "tighter") - Number(b.direction === "tighter"),
    ),
  };
}

/** Teams by their name; one that is gone and one that is new are the same where their mailbox is. */
function pairTeams(before: PolicySet, after: PolicySet): readonly TeamPair[] {
  const gone = [...before.teams.values()].filter(({ team }) => !after.teams.has(team));
  const renamed = new Map<string, TeamPolicy>();
  for (const policy of after.teams.values()) {
    if (before.teams.has(policy.team)) continue;
    const same = gone.find(({ mailbox }) => mailbox.id === policy.mailbox.id);
    if (same !== undefined) renamed.set(policy.team, same);
  }
  const taken = new Set([...renamed.values()].map(({ team }) => team));
  return [
    ...[...after.teams.values()].map((policy): TeamPair => {
      const was = before.teams.get(policy.team) ?? renamed.get(policy.team);
      return { after: policy, ...(was && { before: was }) };
    }),
    ...gone.filter(({ team }) => !taken.has(team)).map((policy): TeamPair => ({ before: policy })),
  ];
}

/** Nothing that decides differs: lines may have moved. */
function isSame({ before, after }: TeamPair): boolean {
  return before !== undefined && after !== undefined && canonicalText(before) === canonicalText(after);
}

/** All requests of one team that are decided otherwise, as few as say it all, put together as they are said. */
export function changedRequests(
  pair: TeamPair,
  now: number,
): { readonly classes: Classes; readonly groups: readonly ChangeGroup[] } {
  const { before, after } = pair;
  const policies = [before, after].filter((policy) => policy !== undefined);
  const minded = new Map<string, ReadonlySet<RuleName>>();
  const mindedOf = (assistant: string): ReadonlySet<RuleName> => {
    const known = minded.get(assistant);
    if (known !== undefined) return known;
    const rules = before && after ? mindedRules(before, after, assistant) : new Set(["actions"] as const);
    minded.set(assistant, rules);
    return rules;
  };
  const classes = classesOf(policies, { now, minded: mindedOf });
  const found: ChangedRequest[] = [];
  const said = new Set<string>();
  const reachable = new Set<number>();
  const times = new Map<string, Set<string>>();
  for (const family of classes.families()) {
    const { base, time } = family;
    times.set(base.assistant, (times.get(base.assistant) ?? new Set()).add(time));
    const plain = compare(pair, base);
    const isAllowed = plain.before.effect === "allow" || plain.after.effect === "allow";
    if (!isAllowed && plain.isHopeless) continue;
    const [only] = family.classes;
    if (only !== undefined && family.classes.length === 1 && isAllowed) reachable.add(only);
    const smaller = subsets(family.classes);
    const plainly = new Set<string>();
    const note = (request: ClassRequest, compared: Compared, aspect?: Aspect, what?: string): void => {
      for (const { direction, rank } of compared.ranks) {
        if (aspect === undefined) plainly.add(`${direction} ${rank}`);
        else if (plainly.has(`${direction} ${rank}`)) continue;
        // What is said of one file of a type need not be said of many, or of large ones.
        const files = aspect === "files" ? `${direction} ${rank} ${request.files[0]?.type}` : undefined;
        if (files !== undefined && plainly.has(files)) continue;
        const [file] = request.files;
        if (
          files !== undefined &&
          request.files.length === 1 &&
          file?.bytes === 1 &&
          what?.includes(" of type ")
        )
          plainly.add(files);
        const about = `${direction} ${rank} ${what} ${base.assistant} ${base.action}`;
        // What is said of fewer recipients, at any of its times, need not be said of more.
        const key = (set: readonly number[], mode = base.mode ?? "") => `${about} ${set} ${time} ${mode}`;
        if (smaller.some((set) => said.has(key(set)) || said.has(key(set, "")))) continue;
        said.add(key(family.classes));
        const scope: ChangeScope = {
          ...{ assistant: base.assistant, action: base.action, classes: family.classes, time, rank },
          ...(aspect !== undefined && { aspect }),
        };
        const { before, after } = compared;
        found.push({ scope, direction, request, before, after, ...(what !== undefined && { what }) });
      }
    };
    note(base, plain);
    for (const { aspect, what, request } of family.variants())
      note(request, compare(pair, request), aspect, what);
  }
  const byGroup = new Map<string, ChangedRequest[]>();
  for (const one of found) {
    const key = JSON.stringify([
      one.direction,
      one.scope.rank,
      one.scope.aspect ?? "",
      wordsOf(one),
      heldKey(one),
      EMAIL.has(one.scope.action),
    ]);
    const others = byGroup.get(key);
    if (others === undefined) byGroup.set(key, [one]);
    else others.push(one);
  }
  const team = pair.after?.team ?? pair.before?.team ?? "";
  const allTimes = new Map([...times].map(([assistant, own]) => [assistant, own.size]));
  const groups = [...byGroup.values()].flatMap((requests): readonly ChangeGroup[] => {
    const [first] = requests;
    if (first === undefined) return [];
    const { direction, scope, what } = first;
    const { rank, aspect } = scope;
    return [
      {
        ...{ ...pair, team, direction, rank, requests, classes, reachable, allTimes },
        ...(aspect !== undefined && { aspect }),
        ...(what !== undefined && { what }),
      },
    ];
  });
  return { classes, groups };
}

interface Compared {
  readonly before: Decision;
  readonly after: Decision;
  readonly ranks: readonly { readonly direction: Direction; readonly rank: Rank }[];
  /** Whatever else is in the request, it is denied by both. */
  readonly isHopeless: boolean;
}

function compare({ before: was, after: will }: TeamPair, request: ClassRequest): Compared {
  const [before, after] = [decideClass(was, request), decideClass(will, request)];
  return {
    before,
    after,
    ranks: [
      ...looserIn(before, after).map((rank) => ({ direction: "wider" as const, rank })),
      ...looserIn(after, before).map((rank) => ({ direction: "tighter" as const, rank })),
    ],
    isHopeless: ![before, after].some(isMended),
  };
}

/** Rules that another time to leave, another person or another text may satisfy. */
const MENDED: ReadonlySet<string> = new Set(["users", "hours", "limits", "require", "compose"]);

function isMended({ findings }: Decision): boolean {
  return findings.every(({ rule, effect }) => effect !== "deny" || MENDED.has(rule));
}

function subsets(set: readonly number[]): readonly (readonly number[])[] {
  if (set.length < 2) return [set];
  const one = set.map((index) => [index]);
  const two = set.flatMap((a) => set.filter((b) => b > a).map((b) => [a, b]));
  return [...one, ...two, set];
}

/** What somebody may do besides is said by itself. */
const EMAIL: ReadonlySet<string> = new Set(["send", "reply", "report"]);

/** What a sentence is about: requests that differ in numbers alone are said together. */
function wordsOf({ scope, what = "" }: ChangedRequest): string {
  if (scope.aspect === "send_at") return "";
  if (scope.aspect === "asker") return what.includes("'s key") ? "without the key" : "";
  return scope.aspect === "overlap" || scope.aspect === "outside mail" ? "" : what;
}

function heldKey({ direction, before, after }: ChangedRequest): string {
  const { effect, held } = direction === "wider" ? after : before;
  return `${effect} ${held}`;
}

const MAX_TRIED = 40;

async function toChange(
  group: ChangeGroup,
  sets: { readonly before: PolicySet; readonly after: PolicySet },
): Promise<PolicyChange> {
  let example: ChangeExample | undefined;
  for (const one of group.requests.slice(0, MAX_TRIED)) {
    example = await exampleOf(one, group, sets);
    if (example !== undefined) break;
  }
  const { team, direction } = group;
  const patterns = example === undefined ? patternsOf(group) : [];
  return {
    ...{ direction, verdict: example === undefined ? "not_decided" : "shown", team },
    ...(patterns.length > 0 && { patterns }),
    sentence: changeSentence(group),
    ...changeWheres(group),
    ...(example !== undefined && { example }),
    scope: group.requests.map(({ scope }) => scope),
  };
}

/** Patterns of the policies' own on which it depends whether a request is decided otherwise. */
function patternsOf({ requests }: ChangeGroup): readonly string[] {
  const own = requests.flatMap(({ request: { says, content } }) => [
    ...[...says.subject, ...says.body],
    ...content.flatMap((one) => (one.kind === "pattern" ? [one.pattern] : [])),
  ]);
  return [...new Set(own)];
}

/** The request as a scenario, if both policies decide about it as they do about its class. */
async function exampleOf(
  { request, direction, scope }: ChangedRequest,
  group: ChangeGroup,
  sets: { readonly before: PolicySet; readonly after: PolicySet },
): Promise<ChangeExample | undefined> {
  const address = group.before?.mailbox.address ?? group.after?.mailbox.address;
  const scenario = classScenario(request, { ...(address !== undefined && { mailbox: address }) });
  if (scenario === undefined) return undefined;
  const play = async (set: PolicySet, policy: TeamPolicy | undefined): Promise<Decision | undefined> => {
    const caller = { team: policy?.team ?? group.team, assistant: request.assistant };
    return (await playScenario(set, caller, scenario, { now: request.now })).at(0)?.decision;
  };
  const before = await play(sets.before, group.before);
  const after = await play(sets.after, group.after);
  if (before === undefined || after === undefined) return undefined;
  const ranks = direction === "wider" ? looserIn(before, after) : looserIn(after, before);
  if (!ranks.includes(scope.rank)) return undefined;
  return {
    as: `${group.team}/${request.assistant}`,
    now: new Date(request.now).toISOString(),
    scenario,
    before: decisionWords(before, scope.rank),
    after: decisionWords(after, scope.rank),
  };
}

function decisionWords(
  { effect, held, requirements = [], findings, sendAt, recipients }: Decision,
  rank: Rank,
): string {
  if (effect === "deny") {
    const rules = [...new Set(findings.filter((one) => one.effect === "deny").map(({ rule }) => rule))];
    return `denied (${rules.join(", ")})`;
  }
  if (recipients.length === 0) return "allowed";
  const needed = Math.max(1, ...requirements.map((one) => one.needed));
  const leaves = sendAt === undefined ? "" : `, leaves at ${sendAt}`;
  const flags = [...new Set(findings.filter((one) => one.effect === "flag").map(({ rule }) => rule))];
  const flagged = flags.length === 0 ? "" : `, with a note about ${flags.join(", ")}`;
  if (!held) return `allowed, seen by nobody before it leaves${leaves}`;
  const people =
    rank === "approval"
      ? requirements
          .map(
            (one) => `${one.needed} of ${one.by.map(({ address }) => address).join(", ") || "nobody named"}`,
          )
          .join(" and ")
      : `${needed} ${needed === 1 ? "person" : "people"}`;
  return `held for ${people}${flagged}${leaves}`;
}
