import type { ApprovalRequirement } from "../decision/mod.ts";
import { type Delegation, formatWhere, isOnePerson, type PolicyPerson, type Where } from "../policy/mod.ts";
import { ownInterest } from "./_own_interest.ts";
import { standInsAt } from "./delegations.ts";
import type { Decider } from "./given_decision.ts";
import { peopleOf } from "./required_approval.ts";
import type { TallyOptions } from "./tally.ts";

/** Whether somebody may decide on an email. */
export type MayDecide =
  | {
      readonly ok: true;
      /** What their approval would count for; empty: they can only reject. */
      readonly countsFor: readonly ApprovalRequirement[];
      /** For whom they stand in there, if not for themselves. */
      readonly insteadOf?: { readonly address: string; readonly where: Where };
      /** Why their approval would count for nothing, or for less; absent: it counts. */
      readonly why?: string;
    }
  /** `why` is a sentence for them, with places in the policy. */
  | { readonly ok: false; readonly why: string };

/** More names than these help nobody. */
const MOST_NAMES = 5;

/** Whether somebody who signed in may decide on an email with these requirements; if not, why. */
export function mayDecide(
  person: Decider,
  requirements: readonly ApprovalRequirement[],
  options: TallyOptions,
): MayDecide {
  const { writtenFor, delegates, now, escalated = false, demo = false } = options;
  const standIns = standInsAt(delegates, now);
  const interest = ownInterest(person, writtenFor, standIns);
  if (interest === "self")
    return { ok: false, why: "An assistant wrote this email for you, so somebody else decides on it" };
  if (interest === "deputy") return { ok: false, why: deputyOfAuthor(person, options) };

  const places = standIns.placesOf(person.address);
  const concerned = requirements.filter((one) => peopleOf(one, { escalated }).some((who) => places.has(who)));
  if (concerned.length === 0) return { ok: false, why: whyNot(person, requirements, options) };
  const isMeant = concerned.some((one) => peopleOf(one, { escalated }).includes(person.address));
  const insteadOf = isMeant ? undefined : delegationOf(person, concerned, options);
  const asked = { ok: true, ...(insteadOf && { insteadOf }) } as const;
  const countsFor =
    person.auth === "link" && !demo ? concerned.filter(({ needed }) => needed === 1) : concerned;
  if (countsFor.length === concerned.length) return { ...asked, countsFor };
  const [first] = concerned.filter(({ needed }) => needed > 1);
  const place = first === undefined ? "" : ` (${formatWhere(first.where)})`;
  const why = `Several people must approve this email${place}, and a sign-in by link counts for none of them: whoever prints one link can print two`;
  return { ...asked, countsFor, why };
}

/** In whose place somebody decides. */
function delegationOf(
  { address }: Decider,
  requirements: readonly ApprovalRequirement[],
  { delegates, now, escalated = false }: TallyOptions,
): { readonly address: string; readonly where: Where } | undefined {
  const standIns = standInsAt(delegates, now);
  const places = standIns.placesOf(address);
  const meant = requirements
    .flatMap((one) => peopleOf(one, { escalated }))
    .find((person) => places.has(person));
  const delegation = delegates.find(
    ({ to, from, endsAt }) =>
      now < endsAt &&
      to.address === address &&
      meant !== undefined &&
      standIns.mayActFor(from.address, meant),
  );
  return meant === undefined || delegation === undefined
    ? undefined
    : { address: meant, where: delegation.where };
}

function deputyOfAuthor({ address }: Decider, { writtenFor, delegates, now }: TallyOptions): string {
  const author = writtenFor?.address ?? "";
  const standIns = standInsAt(delegates, now);
  const delegation = delegates.find(
    ({ to, from, endsAt }) =>
      now < endsAt && isOnePerson(to.address, address) && standIns.mayActFor(from.address, author),
  );
  const place = delegation === undefined ? "" : ` (${formatWhere(delegation.where)})`;
  return `An assistant wrote this email for ${author}, for whom you stand in${place}, so somebody else decides on it`;
}

function whyNot(
  { address }: Decider,
  requirements: readonly ApprovalRequirement[],
  { delegates, now }: TallyOptions,
): string {
  const waiting = requirements.find(({ escalate }) => escalate?.to.some((one) => one.address === address));
  if (waiting?.escalate !== undefined) {
    const { after } = waiting.escalate;
    return `You may decide on this email only when nobody did within ${after.text} (${formatWhere(after.where)})`;
  }
  const ended = delegates.find(({ to, endsAt }) => to.address === address && endsAt <= now);
  const past = ended && lastDelegation(ended);
  const people = requirements.flatMap(({ by }) => by);
  if (people.length === 0) {
    const [first] = requirements;
    const place = first === undefined ? "" : ` (${formatWhere(first.where)})`;
    return `The policy names nobody who may decide on this email${place}`;
  }
  return [past, `Only ${named(people)} may decide on this email`].filter(Boolean).join(". ");
}

function lastDelegation({ from, until, where }: Delegation): string {
  return `You stood in for ${from.address} until ${until} (${formatWhere(where)})`;
}

/** `lead@acme.example (teams/sales.yaml:7:13) or cfo@acme.example (…)` */
function named(people: readonly PolicyPerson[]): string {
  const places = new Map(people.map(({ address, where }) => [address, formatWhere(where)]));
  const told = [...places].slice(0, MOST_NAMES).map(([address, place]) => `${address} (${place})`);
  const rest = places.size - told.length;
  const all = rest > 0 ? [...told, `${rest} more`] : told;
  const last = all.at(-1) ?? "";
  return all.length < 2 ? last : `${all.slice(0, -1).join(", ")} or ${last}`;
}
