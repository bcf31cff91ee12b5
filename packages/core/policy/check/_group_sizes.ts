import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { parseNamed } from "../values/named.ts";
import { entriesAt, type TextEntry, textsAt } from "./_entries_at.ts";

/** Groups in groups, and no deeper: nobody could follow them. */
const MAX_DEPTH = 10;

interface GroupEntries {
  readonly entries: readonly TextEntry[];
  /** The entries that name a group of the same file, with its name. */
  readonly inner: readonly { readonly name: string; readonly entry: TextEntry }[];
}

const sizesOf = new WeakMap<PolicyDocument, ReadonlyMap<string, number>>();

/**
 * How many recipients each group of a file brings, and of the one above it, those of its groups included; none for groups
 * that hold themselves.
 */
export function groupSizes(
  document: PolicyDocument,
  above: PolicyDocument | undefined,
): ReadonlyMap<string, number> {
  const sizes = new Map(above === undefined ? [] : ownSizes(above));
  addSizes(document, sizes);
  return sizes;
}

/** The organisation's, which are the same for every team. */
function ownSizes(document: PolicyDocument): ReadonlyMap<string, number> {
  const known = sizesOf.get(document) ?? addSizes(document, new Map());
  sizesOf.set(document, known);
  return known;
}

function addSizes(document: PolicyDocument, sizes: Map<string, number>): ReadonlyMap<string, number> {
  const groups = groupsOf(document);
  for (const name of inOrder(groups).order) {
    const { entries = [] } = groups.get(name) ?? {};
    const size = entries.reduce((sum, { value }) => {
      const named = parseNamed(value, "group");
      return sum + (named?.ok ? (sizes.get(named.named.name) ?? 0) : 1);
    }, 0);
    sizes.set(name, size);
  }
  return sizes;
}

/** Groups of a file that hold themselves, or that are nested too deep. A file's groups can hold those of the file above only. */
export function checkNesting(document: PolicyDocument): readonly PolicyProblem[] {
  const groups = groupsOf(document);
  const { order, depths } = inOrder(groups);
  const left = new Set(groups.keys());
  for (const name of order) left.delete(name);
  return [
    ...loopsIn(groups, left),
    ...order.flatMap((name) => {
      if (depths.get(name) !== MAX_DEPTH + 1) return [];
      const deepest = groups.get(name)?.inner.find((inner) => depths.get(inner.name) === MAX_DEPTH);
      if (deepest === undefined) return [];
      const { where, path } = deepest.entry;
      return [{ where, path, message: `Groups must not be nested more than ${MAX_DEPTH} deep` }];
    }),
  ];
}

/** Names of groups, each after those that it holds, with how deep they are nested; without those in or above a loop. */
function inOrder(groups: ReadonlyMap<string, GroupEntries>): {
  readonly order: readonly string[];
  readonly depths: ReadonlyMap<string, number>;
} {
  const depths = new Map<string, number>();
  const holders = new Map<string, string[]>();
  const open = new Map<string, number>();
  for (const [name, { entries }] of groups) {
    const inner = entries.flatMap(({ value }) => known(value, groups));
    open.set(name, inner.length);
    for (const one of inner) holders.set(one, [...(holders.get(one) ?? []), name]);
  }
  const order = [...groups.keys()].filter((name) => open.get(name) === 0);
  for (const name of order) {
    const held = (groups.get(name)?.entries ?? []).flatMap(({ value }) => known(value, groups));
    depths.set(name, 1 + held.reduce((most, one) => Math.max(most, depths.get(one) ?? 0), 0));
    for (const holder of holders.get(name) ?? []) {
      const left = (open.get(holder) ?? 0) - 1;
      open.set(holder, left);
      if (left === 0) order.push(holder);
    }
  }
  return { order, depths };
}

/** Each loop once, at the entry with which it closes. */
function loopsIn(
  groups: ReadonlyMap<string, GroupEntries>,
  left: ReadonlySet<string>,
): readonly PolicyProblem[] {
  const done = new Set<string>();
  return [...left].flatMap((start): readonly PolicyProblem[] => {
    const way: { readonly name: string; readonly entry: TextEntry }[] = [];
    let name = start;
    while (!done.has(name)) {
      done.add(name);
      const next = groups.get(name)?.inner.find((inner) => left.has(inner.name));
      if (next === undefined) return [];
      way.push({ name, entry: next.entry });
      name = next.name;
    }
    const begin = way.findIndex((step) => step.name === name);
    const last = way.at(-1);
    if (begin === -1 || last === undefined) return [];
    const loop = [...way.slice(begin).map((step) => step.name), name]
      .map((one) => `group:${one}`)
      .join(" → ");
    const { where, path } = last.entry;
    return [{ where, path, message: `Group must not hold itself: ${loop}` }];
  });
}

function groupsOf(document: PolicyDocument): ReadonlyMap<string, GroupEntries> {
  const [map] = entriesAt(document, "groups");
  const isMap = typeof map?.value === "object" && map.value !== null && !Array.isArray(map.value);
  const names = new Set(isMap ? Object.keys(map.value ?? {}) : []);
  return new Map(
    [...names].map((name) => {
      const entries = textsAt(document, `groups.${name}[]`);
      const inner = entries.flatMap((entry) => {
        const named = parseNamed(entry.value, "group");
        return named?.ok && names.has(named.named.name) ? [{ name: named.named.name, entry }] : [];
      });
      return [name, { entries, inner }];
    }),
  );
}

function known(text: string, groups: ReadonlyMap<string, unknown>): readonly string[] {
  const named = parseNamed(text, "group");
  return named?.ok && groups.has(named.named.name) ? [named.named.name] : [];
}
