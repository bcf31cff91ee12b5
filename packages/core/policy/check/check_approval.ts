import { covers, parseAddress, parseDomainPattern } from "../../address/mod.ts";
import { differentPeople } from "../different_people.ts";
import type { OversightMode } from "../oversight_mode.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { isOnePerson, type StandIn, StandIns } from "../stand_ins.ts";
import { parseDuration } from "../values/times.ts";
import { formatWhere } from "../where.ts";
import { effectiveOversight, isGated } from "./_effective_oversight.ts";
import { type Entry, entriesAt, type TextEntry, textsAt } from "./_entries_at.ts";
import { DECIDERS_AT, delegatesAt, hasUnknownRole, peopleAt } from "./_people_at.ts";
import { checkRoleDomain } from "./check_names.ts";

/** What is wrong in who decides on a team's email, and in what time. */
export function checkApproval(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const oversight = effectiveOversight(team, organisation);
  return [
    ...checkMissing(team, oversight),
    ...checkBoth(team, organisation),
    ...checkDomain(team, organisation),
    ...checkNeeded(team, organisation, oversight),
    ...checkClasses(team, oversight),
    ...checkTimes(team, organisation),
  ];
}

function checkMissing(team: PolicyDocument, oversight: OversightMode | undefined): readonly PolicyProblem[] {
  const [list] = entriesAt(team, "approvers");
  const isEmpty = list === undefined || (Array.isArray(list.value) && list.value.length === 0);
  if (!isGated(oversight) || !isEmpty || entriesAt(team, "approval.by").length > 0) return [];
  const where = list?.where ?? team.places.get("") ?? { file: team.file, line: 1, column: 1 };
  const message = `Missing approvers: under "${oversight}" email waits for one of them`;
  return [{ where, path: "approvers", message }];
}

/** The short form and the long one may both be there only if they say the same. */
function checkBoth(team: PolicyDocument, organisation: PolicyDocument | undefined): readonly PolicyProblem[] {
  const [short] = entriesAt(team, "approvers");
  const [long] = entriesAt(team, "approval.by");
  const lists = ["approvers[]", "approval.by[]"];
  if (short === undefined || long === undefined) return [];
  if (lists.some((path) => hasUnknownRole(team, path, organisation))) return [];
  const [a, b] = lists.map((path) => peopleAt(team, path, organisation));
  if (a?.toSorted().join() === b?.toSorted().join()) return [];
  const message = `Must be the same people as approval.by (${formatWhere(long.where)}), or be left out`;
  return [{ where: short.where, path: short.path, message }];
}

function checkDomain(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const [domain] = organisation ? textsAt(organisation, "approvers_domain") : [];
  const wanted = domain && parseDomainPattern(domain.value);
  if (organisation === undefined || domain === undefined || !wanted?.ok) return [];
  const { pattern } = wanted;
  return [...DECIDERS_AT, "delegates[].to"]
    .flatMap((path) => textsAt(team, path))
    .flatMap((entry): readonly PolicyProblem[] => {
      const parsed = parseAddress(entry.value);
      if (!parsed.ok) return checkRoleDomain(entry, organisation, domain.value);
      if (covers(pattern, { kind: "domain", domain: parsed.address.domain })) return [];
      const { where, path } = entry;
      const message = `Approver must be at "${domain.value}", as the organisation demands`;
      return [{ where, path, message }];
    });
}

/** Where more people must approve than there are. */
function checkNeeded(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
  oversight: OversightMode | undefined,
): readonly PolicyProblem[] {
  const [list] = [...entriesAt(team, "approval.by"), ...entriesAt(team, "approvers")];
  if (list === undefined) return [];
  const [own] = entriesAt(team, "approval.needed");
  const [bound] = organisation ? entriesAt(organisation, "approval.needed") : [];
  const files = { team, organisation };
  return [
    ...(own ? tooMany(own, list, files) : []),
    // What holds nothing need not have the people.
    ...(own === undefined && bound && isGated(oversight)
      ? tooMany(list.with(bound.value), list, { ...files, bound })
      : []),
    ...entriesAt(team, "approval.classes[]").flatMap(({ path }) => {
      const [needed] = entriesAt(team, `${path}.needed`);
      const [by = list] = entriesAt(team, `${path}.by`);
      return needed === undefined ? [] : tooMany(needed, by, files);
    }),
  ];
}

interface NeededFiles {
  readonly team: PolicyDocument;
  readonly organisation: PolicyDocument | undefined;
  /** The organisation's value, where the team takes it over. */
  readonly bound?: Entry;
}

function tooMany(
  { value: needed, where, path }: Entry,
  list: Entry,
  { team, organisation, bound }: NeededFiles,
): readonly PolicyProblem[] {
  const people = peopleAt(team, `${list.path}[]`, organisation);
  // Whoever is nobody has a problem of their own.
  if (typeof needed !== "number" || people.length === 0) return [];
  if (hasUnknownRole(team, `${list.path}[]`, organisation)) return [];
  const say = (count: number, why: string): readonly PolicyProblem[] => {
    const message =
      bound === undefined
        ? `Must be at most ${count}: ${why}`
        : `Must be ${needed} different people at least, as the organisation wants (${formatWhere(bound.where)}), got ${count}: ${why}`;
    return [{ where, path, message }];
  };
  const different = people.filter(
    (one, index) => !people.slice(0, index).some((other) => isOnePerson(one, other)),
  ).length;
  if (different < needed) return say(different, `so many people may approve (${formatWhere(list.where)})`);
  const files = organisation ? [team, organisation] : [team];
  const delegates = files.flatMap((file) => delegatesAt(file, organisation));
  const counted = countDifferent(
    people,
    delegates.flatMap(({ pairs }) => pairs),
    needed,
  );
  if (counted >= needed) return [];
  const meant = delegates.find(({ pairs }) => pairs.some(({ from }) => people.includes(from)));
  const place = meant === undefined ? "" : ` (${formatWhere(meant.where)})`;
  return say(counted, `a delegate and whom they stand in for are one${place}`);
}

/** How many different people these are while everybody stands in for everybody for whom they do. */
function countDifferent(people: readonly string[], pairs: readonly StandIn[], most: number): number {
  if (pairs.length === 0) return most;
  const standIns = new StandIns(pairs);
  const voices = [...new Set([...people, ...pairs.map(({ to }) => to)])];
  return differentPeople(voices, people, {
    most,
    placesOf: (voice) => standIns.placesOf(voice),
    areOne: (a, b) =>
      [a.voice, a.as].some((one) => [b.voice, b.as].some((other) => standIns.areOne(one, other))),
  }).length;
}

/** Classes about nothing, that ask for nothing, or where nothing waits for anybody. */
function checkClasses(team: PolicyDocument, oversight: OversightMode | undefined): readonly PolicyProblem[] {
  return entriesAt(team, "approval.classes[]").flatMap(({ value, where, path }): readonly PolicyProblem[] => {
    if (!isMap(value)) return [];
    const problem = (message: string, at = ""): PolicyProblem => ({ where, path: path + at, message });
    if (isMap(value.when) && Object.keys(value.when).length === 0)
      return [
        problem("Must name content, recipients or attachments: which email is the class about?", ".when"),
      ];
    if (oversight !== undefined && !isGated(oversight)) {
      const message = `Must not be used under "${oversight}": nothing is held there, so email of this class would be refused`;
      return [problem(message)];
    }
    if (!("by" in value) && !("needed" in value))
      return [problem('Must have "needed" or "by": it asks for no more than all email does')];
    return [];
  });
}

/** Others who are asked when it is too late, and reminders of what waits no more. */
function checkTimes(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const [own] = textsAt(team, "approval.expires");
  const [bound] = organisation ? textsAt(organisation, "approval.expires") : [];
  const expires = own ?? bound;
  const most = expires && parseDuration(expires.value);
  if (expires === undefined || most === undefined) return [];
  const isLate = ({ value }: TextEntry): boolean => (parseDuration(value) ?? 0) >= most;
  return ["approval.remind", "approval.escalate.after"]
    .flatMap((path) => textsAt(team, path))
    .filter(isLate)
    .map(({ where, path }) => {
      const message = `Must be less than "${expires.value}", after which email expires (${formatWhere(expires.where)})`;
      return { where, path, message };
    });
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
