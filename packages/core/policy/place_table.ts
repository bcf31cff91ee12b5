import type { Where } from "./where.ts";

/** Where each value of a team's policy was written: plain data, and little of it, since there may be thousands of teams. */
export interface PlaceTable {
  /** Dotted paths (`recipients.deny[0]`) of the team's own file. Files of the same shape share the list. */
  readonly paths: readonly string[];
  /** Line and column of each of them, by turns. */
  readonly numbers: Uint32Array;
  /** What is taken over from the organisation's file. */
  readonly inherited: ReadonlyMap<string, Where>;
}

/** A list with more different entries is begun anew: what is shared no more only takes more memory. */
const MAX_SHARED = 50_000;

const words = new Map<string, string>();
const shapes = new Map<string, readonly string[]>();
const inheritances = new Map<string, ReadonlyMap<string, Where>>();
const positions = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The table of these places, which are all in one file, and of those that are taken over. */
export function placeTable(
  places: ReadonlyMap<string, Where>,
  inherited: ReadonlyMap<string, Where> = new Map(),
): PlaceTable {
  const numbers = new Uint32Array(2 * places.size);
  let i = 0;
  for (const { line, column } of places.values()) {
    numbers[i++] = line;
    numbers[i++] = column;
  }
  return shareTable({ paths: [...places.keys()], numbers, inherited });
}

/** The same table, sharing with others what they have in common. */
export function shareTable({ paths, numbers, inherited }: PlaceTable): PlaceTable {
  return {
    paths: shared(shapes, paths.join("\n"), () => paths.map((path) => shared(words, path, () => path))),
    numbers,
    inherited: shared(inheritances, JSON.stringify([...inherited]), () => inherited),
  };
}

/** The place of exactly this path; `file` is the team's own. */
export function placeAt(table: PlaceTable, path: string, file: string): Where | undefined {
  const inherited = table.inherited.get(path);
  if (inherited !== undefined) return inherited;
  let known = positions.get(table.paths);
  if (known === undefined) {
    known = new Map(table.paths.map((one, index) => [one, index]));
    positions.set(table.paths, known);
  }
  const index = known.get(path);
  if (index === undefined) return undefined;
  return { file, line: table.numbers[2 * index] ?? 1, column: table.numbers[2 * index + 1] ?? 1 };
}

function shared<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MAX_SHARED) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}
