import type { Access, OrganisationPolicy } from "../organisation_policy.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { suggest } from "../suggest.ts";
import type { Delegation, PolicyPerson, TeamPolicy } from "../team_policy.ts";
import { textsAt } from "./_entries_at.ts";
import { DECIDERS_AT, delegatesAt, hasUnknownRole, peopleAt, peopleOf } from "./_people_at.ts";
import { ORGANISATION_FILE } from "./check_file_name.ts";

/** Whom a file names, sorted; each list is absent where the file says it in no readable way, so that nobody was surely removed. */
export interface StandingPeople {
  /** Canonical addresses of whoever decides on some email of the team. */
  readonly deciders?: readonly string[];
  /** `from to`: who stands in for whom. */
  readonly standIns?: readonly string[];
  /** Of the organisation: canonical addresses, and `claim:` with the name of a group. */
  readonly auditors?: readonly string[];
  readonly operators?: readonly string[];
}

/** What is wrong with a file, and in what roles are looked up. */
export interface PeopleProblems {
  readonly unreadable: readonly PolicyProblem[];
  readonly wrong: readonly PolicyProblem[];
  /** The organisation's file, if what it says of roles has no problem; absent: nobody knows who has them. */
  readonly organisation?: PolicyDocument | undefined;
}

/** Whom a file with or without problems names. */
export function standingPeople(document: PolicyDocument, problems: PeopleProblems): StandingPeople {
  const { organisation } = problems;
  const isSaid = (keys: readonly string[]) => isReadable(document, keys, problems);
  const hasRoles = (paths: readonly string[]) =>
    paths.every((path) => !hasUnknownRole(document, path, organisation));
  const office = (key: "auditors" | "operators") =>
    textsAt(document, `${key}[]`).flatMap((entry) =>
      entry.value.startsWith("claim:") ? [entry.value] : peopleOf(entry, organisation),
    );
  if (document.name === ORGANISATION_FILE) {
    return {
      ...standInsIn(document, organisation, isSaid(["delegates"]) && hasRoles(STAND_INS_AT)),
      ...(isSaid(["auditors"]) && hasRoles(["auditors[]"]) && { auditors: sorted(office("auditors")) }),
      ...(isSaid(["operators"]) && hasRoles(["operators[]"]) && { operators: sorted(office("operators")) }),
    };
  }
  const deciders = DECIDERS_AT.flatMap((path) => peopleAt(document, path, organisation));
  return {
    ...(isSaid(["approvers", "approval"]) && hasRoles(DECIDERS_AT) && { deciders: sorted(deciders) }),
    ...standInsIn(document, organisation, isSaid(["delegates"]) && hasRoles(STAND_INS_AT)),
  };
}

const STAND_INS_AT = ["delegates[].from", "delegates[].to"];

function standInsIn(
  document: PolicyDocument,
  organisation: PolicyDocument | undefined,
  isSaid: boolean,
): Pick<StandingPeople, "standIns"> {
  if (!isSaid) return {};
  const pairs = delegatesAt(document, organisation).flatMap((entry) => entry.pairs);
  return { standIns: sorted(pairs.map(({ from, to }) => `${from} ${to}`)) };
}

/** Whether what a file says under some keys, or that it says nothing, is what its author meant. */
function isReadable(
  { value }: PolicyDocument,
  keys: readonly string[],
  { unreadable, wrong }: PeopleProblems,
): boolean {
  if (unreadable.length > 0) return false;
  const tops = wrong.map(({ path }) => path.split(/[.[]/)[0] ?? "");
  if (keys.some((key) => tops.includes(key))) return false;
  // A key that is not there may be one that is misspelt.
  const absent = keys.filter((key) => !(key in value));
  return absent.length === 0 || !tops.some((top) => suggest(top, absent) !== undefined);
}

/** The same of a team's policy. */
export function standingPeopleOf({ approval, delegates = [] }: TeamPolicy): StandingPeople {
  const { by, escalate, classes } = approval;
  const people = [by, escalate?.to ?? [], ...classes.map((one) => one.by)].flat();
  return {
    deciders: sorted(people.map(({ address }) => address)),
    standIns: sorted(delegates.map(pairOf)),
  };
}

function pairOf({ from, to }: Delegation): string {
  return `${from.address} ${to.address}`;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** A team's policy without the people whom its file no longer names, and how many they are; the same one: they are all there. */
export function reducePeople(
  policy: TeamPolicy,
  { deciders, standIns }: StandingPeople,
): { readonly policy: TeamPolicy; readonly gone: number } {
  const known = standingPeopleOf(policy);
  const gone = missing(known.deciders, deciders) + missing(known.standIns, standIns);
  if (gone === 0) return { policy, gone };
  const stay = (people: readonly PolicyPerson[]) =>
    deciders === undefined ? people : people.filter(({ address }) => deciders.includes(address));
  const { approval, delegates } = policy;
  const by = stay(approval.by);
  const reduced: TeamPolicy = {
    ...policy,
    approvers: by.map(({ address }) => address),
    approval: {
      ...approval,
      by,
      ...(approval.escalate && { escalate: { ...approval.escalate, to: stay(approval.escalate.to) } }),
      classes: approval.classes.map((one) => ({ ...one, by: stay(one.by) })),
    },
    ...(delegates && { delegates: delegatesLeft(delegates, standIns) }),
  };
  return { policy: reduced, gone };
}

/** What the organisation's policy says of people, without those whom its file no longer names. */
export function reduceOffices(
  policy: OrganisationPolicy,
  { standIns, auditors, operators }: StandingPeople,
): { readonly policy: OrganisationPolicy; readonly gone: number } {
  const [reading, running] = [
    reduceAccess(policy.auditors, auditors),
    reduceAccess(policy.operators, operators),
  ];
  const delegates = delegatesLeft(policy.delegates, standIns);
  const gone = reading.gone + running.gone + policy.delegates.length - delegates.length;
  if (gone === 0) return { policy, gone };
  return { policy: { ...policy, auditors: reading.access, operators: running.access, delegates }, gone };
}

function reduceAccess(access: Access, left: readonly string[] | undefined) {
  if (left === undefined) return { access, gone: 0 };
  const people = access.people.filter(({ address }) => left.includes(address));
  const claims = access.claims.filter(({ value }) => left.includes(`claim:${value}`));
  const gone = access.people.length + access.claims.length - people.length - claims.length;
  return { access: { people, claims }, gone };
}

function delegatesLeft(
  delegates: readonly Delegation[],
  standIns: readonly string[] | undefined,
): readonly Delegation[] {
  return standIns === undefined ? delegates : delegates.filter((one) => standIns.includes(pairOf(one)));
}

function missing(known: readonly string[] = [], left: readonly string[] | undefined): number {
  return left === undefined ? 0 : known.filter((one) => !left.includes(one)).length;
}
