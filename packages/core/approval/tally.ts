import type { ApprovalRequirement } from "../decision/mod.ts";
import { type Delegation, differentPeople, type Seat } from "../policy/mod.ts";
import { ownInterest } from "./_own_interest.ts";
import { isSameAccount, type WrittenFor } from "./account.ts";
import { standInsAt } from "./delegations.ts";
import type { GivenDecision } from "./given_decision.ts";
import { peopleOf } from "./required_approval.ts";

/** What decisions are counted by. */
export interface TallyOptions {
  /** Of the team and of the organisation, as they are in force: `delegationsOf`. */
  readonly delegates: readonly Delegation[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether nobody decided for as long as `escalate` says. @default false */
  readonly escalated?: boolean;
  /** For whom an assistant wrote the email; absent: for nobody who is known. */
  readonly writtenFor?: WrittenFor;
  /** Whether links stand for people, as in the demo. @default false */
  readonly demo?: boolean;
}

/** What decisions on an email come to. */
export interface Tally {
  /** In the order of the requirements. */
  readonly requirements: readonly RequirementTally[];
  /** Every requirement is met, and nobody rejected. */
  readonly complete: boolean;
  /** The first that ended it: one rejection does. */
  readonly ended?: GivenDecision;
  /** Approvals that count for nothing, each with why. */
  readonly uncounted: readonly { readonly decision: GivenDecision; readonly why: string }[];
}

/** How far one requirement is met. */
export interface RequirementTally {
  readonly requirement: ApprovalRequirement;
  /** Who counted, and in whose place: their own, or that of somebody for whom they stand in. */
  readonly counted: readonly { readonly decision: GivenDecision; readonly as: string }[];
  /** How many more are needed. */
  readonly missing: number;
}

/**
 * Counts the decisions on an email. An approval counts for every requirement whose people its giver is one of, or stood in
 * for when they gave it. People are told apart by their account; whoever stands in for somebody and that person are one, and
 * nobody counts twice. Nothing counts of whom the email was written for, or of who stands in for them. Outside the demo,
 * what was decided after a sign-in by link counts for nothing that wants two, and all links are one person's: whoever prints
 * one can print more.
 */
export function tally(
  requirements: readonly ApprovalRequirement[],
  decisions: readonly GivenDecision[],
  options: TallyOptions,
): Tally {
  const inOrder = [...decisions].sort((a, b) => a.at - b.at);
  const ended = inOrder.find(({ verdict }) => verdict !== "approve");
  const approvals = inOrder.filter(({ verdict }) => verdict === "approve");
  const { fit, unfit } = judge(approvals, options);
  const counted = requirements.map((requirement) => count(requirement, fit, options));
  const used = new Set(counted.flatMap((one) => one.counted.map(({ decision }) => decision)));
  const { escalated = false } = options;
  const unused = fit
    .filter((approval) => !used.has(approval))
    .map((decision) => ({ decision, why: whyUnused(decision, requirements, { ...options, escalated }) }));
  return {
    requirements: counted,
    complete: ended === undefined && requirements.length > 0 && counted.every(({ missing }) => missing === 0),
    ...(ended && { ended }),
    uncounted: [...unfit, ...unused].sort((a, b) => a.decision.at - b.decision.at),
  };
}

/** Those of the approvals that may count for something, and the others. */
function judge(
  approvals: readonly GivenDecision[],
  { writtenFor, delegates, now, demo = false }: TallyOptions,
): { readonly fit: readonly GivenDecision[]; readonly unfit: Tally["uncounted"] } {
  const fit: GivenDecision[] = [];
  const unfit: { readonly decision: GivenDecision; readonly why: string }[] = [];
  let linked: GivenDecision | undefined;
  for (const decision of approvals) {
    const { by, at } = decision;
    const interest = [at, now]
      .map((time) => ownInterest(by, writtenFor, standInsAt(delegates, time)))
      .find((found) => found !== undefined);
    if (interest !== undefined) {
      unfit.push({ decision, why: OWN[interest] });
      continue;
    }
    if (by.auth === "link" && !demo) {
      linked ??= decision;
      if (linked.by.address !== by.address) {
        unfit.push({
          decision,
          why: "All sign-ins by link count as one person's, and another one came first",
        });
        continue;
      }
    }
    fit.push(decision);
  }
  return { fit, unfit };
}

const OWN = {
  self: "An assistant wrote the email for them",
  deputy: "They stand in for the person for whom an assistant wrote the email",
} as const;

function count(
  requirement: ApprovalRequirement,
  approvals: readonly GivenDecision[],
  { delegates, now, escalated = false, demo = false }: TallyOptions,
): RequirementTally {
  const { needed } = requirement;
  const voices = needed > 1 && !demo ? approvals.filter(({ by }) => by.auth !== "link") : approvals;
  const standIns = new Map([...voices.map(({ at }) => at), now].map((at) => [at, standInsAt(delegates, at)]));
  const addressesOf = ({ voice, as }: Seat<GivenDecision>): ReadonlySet<string> =>
    new Set([as, ...voices.filter(({ by }) => isSameAccount(by, voice.by)).map(({ by }) => by.address)]);
  const areOne = (a: Seat<GivenDecision>, b: Seat<GivenDecision>): boolean => {
    if (isSameAccount(a.voice.by, b.voice.by)) return true;
    const others = addressesOf(b);
    const times = [a.voice.at, b.voice.at, now].map((at) => standIns.get(at));
    return [...addressesOf(a)].some((one) =>
      [...others].some((other) => times.some((known) => known?.areOne(one, other))),
    );
  };
  const seats = differentPeople(voices, peopleOf(requirement, { escalated }), {
    most: needed,
    placesOf: ({ by, at }) => standIns.get(at)?.placesOf(by.address) ?? [],
    areOne,
  });
  return {
    requirement,
    counted: seats.map(({ voice, as }) => ({ decision: voice, as })),
    missing: needed - seats.length,
  };
}

function whyUnused(
  { by, at }: GivenDecision,
  requirements: readonly ApprovalRequirement[],
  { delegates, escalated }: TallyOptions & { readonly escalated: boolean },
): string {
  const places = standInsAt(delegates, at).placesOf(by.address);
  const asked = requirements.filter((one) =>
    peopleOf(one, { escalated }).some((person) => places.has(person)),
  );
  if (asked.length === 0) return "The policy names them no more among those who may approve";
  if (by.auth === "link" && asked.every(({ needed }) => needed > 1))
    return "Several people must approve, and a sign-in by link counts for none of them";
  return "Somebody else counts already who is one with them, or enough people approved";
}
