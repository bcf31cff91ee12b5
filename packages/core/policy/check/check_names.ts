import { covers, parseAddress, parseDomainPattern } from "../../address/mod.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { suggest } from "../suggest.ts";
import { type ListKind, parseNamed } from "../values/named.ts";
import { formatWhere } from "../where.ts";
import { entriesAt, type TextEntry, textsAt } from "./_entries_at.ts";
import { checkNesting, groupSizes } from "./_group_sizes.ts";
import { DECIDERS_AT } from "./_people_at.ts";

/** Where `group:` may stand, in a team's file and the organisation's. */
const GROUPS_AT = [
  "recipients.allow[]",
  "recipients.deny[]",
  "assistants[].recipients.allow[]",
  "assistants[].users.allow[]",
  "exceptions[].recipients[]",
  "approval.classes[].when.recipients[]",
];
/** Where `role:` may stand, in either. */
const ROLES_AT = [...DECIDERS_AT, "delegates[].from", "delegates[].to", "auditors[]", "operators[]"];

/** Recipients that groups bring into one policy's lists. Each email's recipients are compared with all of them. */
const MAX_RECIPIENTS = 20_000;

/** Names in a team's file, or in the organisation's, that nothing bears; groups that hold themselves, or are called alike. */
export function checkNames(
  document: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const files =
    organisation === undefined || organisation === document ? [document] : [document, organisation];
  const groups = namesIn(files, "groups");
  return [
    ...(organisation === document ? [] : checkTaken(document, organisation)),
    ...GROUPS_AT.flatMap((path) => checkKnown(textsAt(document, path), groups, "group")),
    ...checkSizes(document, organisation),
    ...checkChannel(document, organisation),
    ...ROLES_AT.flatMap((path) => checkKnown(textsAt(document, path), namesIn(files, "roles"), "role")),
    ...namesIn([document], "groups").flatMap((name) =>
      checkKnown(textsAt(document, `groups.${name}[]`), groups, "group"),
    ),
    ...checkNesting(document),
  ];
}

/** A team's `notify`, one channel or several; the organisation's is a map of channels. */
function checkChannel(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const channels = organisation === undefined ? [] : namesIn([organisation], "notify.channels");
  const named = [...textsAt(team, "notify"), ...textsAt(team, "notify[]")];
  return named.flatMap(({ value, where, path }, index) => {
    if (!channels.includes(value)) return [{ where, path, message: unknownName(value, channels, "channel") }];
    const isFirst = named.findIndex((other) => other.value === value) === index;
    return isFirst ? [] : [{ where, path, message: "Must be named once: people would be told twice" }];
  });
}

function checkSizes(
  document: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  const used = GROUPS_AT.flatMap((path) => textsAt(document, path)).flatMap((entry) => {
    const named = parseNamed(entry.value, "group");
    return named?.ok ? [{ entry, name: named.named.name }] : [];
  });
  if (used.length === 0) return [];
  const sizes = groupSizes(document, organisation === document ? undefined : organisation);
  let count = 0;
  for (const { entry, name } of used) {
    count += sizes.get(name) ?? 0;
    if (count <= MAX_RECIPIENTS) continue;
    const { where, path } = entry;
    const message = `Must be a smaller group: groups bring ${MAX_RECIPIENTS} recipients at most into a file's lists, got ${count} with this one`;
    return [{ where, path, message }];
  }
  return [];
}

/** The people of the roles that a team names as approvers, who are not at the domain at which all must be. */
export function checkRoleDomain(
  { value, where, path }: TextEntry,
  organisation: PolicyDocument,
  domain: string,
): readonly PolicyProblem[] {
  const wanted = parseDomainPattern(domain);
  const role = parseNamed(value, "role");
  if (!wanted.ok || !role?.ok) return [];
  const outside = textsAt(organisation, `roles.${role.named.name}[]`).find((entry) => {
    const parsed = parseAddress(entry.value);
    return parsed.ok && !covers(wanted.pattern, { kind: "domain", domain: parsed.address.domain });
  });
  if (outside === undefined) return [];
  const message = `Approver must be at "${domain}", as the organisation demands, and the role has another (${formatWhere(outside.where)})`;
  return [{ where, path, message }];
}

function checkTaken(
  team: PolicyDocument,
  organisation: PolicyDocument | undefined,
): readonly PolicyProblem[] {
  if (organisation === undefined) return [];
  return namesIn([team], "groups").flatMap((name) => {
    const [taken] = entriesAt(organisation, `groups.${name}`);
    const path = `groups.${name}`;
    const where = team.keyPlaces.get(path) ?? entriesAt(team, path)[0]?.where;
    if (taken === undefined || where === undefined) return [];
    const message = `Group must have another name: the organisation has one (${formatWhere(taken.where)})`;
    return [{ where, path, message }];
  });
}

function checkKnown(
  entries: readonly TextEntry[],
  known: readonly string[],
  kind: ListKind,
): readonly PolicyProblem[] {
  const names = new Set(known);
  return entries.flatMap((entry) => {
    const parsed = parseNamed(entry.value, kind);
    if (parsed === undefined || !parsed.ok || names.has(parsed.named.name)) return [];
    const { where, path } = entry;
    return [{ where, path, message: unknownName(parsed.named.name, known, kind) }];
  });
}

/** `Unknown group "supliers": did you mean "suppliers"?` */
export function unknownName(name: string, known: readonly string[], kind: string): string {
  const near = suggest(name, known);
  const hint = near === undefined ? `no ${kind} is called that` : `did you mean "${near}"?`;
  return `Unknown ${kind} ${JSON.stringify(name.slice(0, 60))}: ${hint}`;
}

/** The names under a key that holds a map of lists. */
export function namesIn(files: readonly PolicyDocument[], key: string): readonly string[] {
  return files.flatMap((file) => {
    const [entry] = entriesAt(file, key);
    const value = entry?.value;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  });
}
