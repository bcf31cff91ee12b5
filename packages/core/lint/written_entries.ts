import { type AddressPattern, covers } from "../address/mod.ts";
import { formatWhere, type Located, type TeamPolicy, type Where } from "../policy/mod.ts";

/** One entry of a list of recipients as it is written: a pattern, or a group with all that is in it. */
export interface WrittenEntry {
  readonly path: string;
  readonly where: Where;
  /** As written: `*@client.example`, `group:suppliers`. */
  readonly text: string;
  readonly patterns: readonly AddressPattern[];
}

/** The entries of a list that the team's own file has at a path, a group as one. */
export function writtenEntries(
  { source }: Pick<TeamPolicy, "source">,
  list: readonly Located<AddressPattern>[] | undefined,
  path: string,
): readonly WrittenEntry[] {
  const entries = new Map<string, { where: Where; text: string; patterns: AddressPattern[] }>();
  for (const { value, text, where, group } of list ?? []) {
    if (where.file !== source.file) continue;
    const place = formatWhere(where);
    const entry = entries.get(place) ?? { where, text: group?.name ?? text, patterns: [] };
    entry.patterns.push(value);
    entries.set(place, entry);
  }
  return [...entries.values()].map((entry, index) => ({ path: `${path}[${index}]`, ...entry }));
}

/** Whether some address is one of both: patterns lie apart, or one holds the other. */
export function overlaps(a: AddressPattern, b: AddressPattern): boolean {
  return covers(a, b) || covers(b, a);
}

/** Whether every address of `pattern` is forbidden by `deny`, which no plus-tag gets around. */
export function forbids(deny: AddressPattern, pattern: AddressPattern): boolean {
  if (deny.kind === "address") return pattern.kind === "address" && pattern.base === deny.base;
  return covers(deny, pattern);
}
