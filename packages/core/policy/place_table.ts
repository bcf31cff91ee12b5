import { shared } from "./shared.ts";
import type { Where } from "./where.ts";

/** Where each value of a team's policy was written: plain data, and little of it, since there may be thousands of teams. */
export interface PlaceTable {
  /** Dotted paths (`recipients.deny[0]`) of the team's own file. Files of the same shape share the list. */
  readonly paths: readonly string[];
  /** Line and column of each of them, by turns, as code units: a text takes a third of what a list of numbers takes. */
  readonly numbers: string;
  /** What is taken over from the organisation's file. */
  readonly inherited: ReadonlyMap<string, Where>;
}

const words = new Map<string, string>();
const shapes = new Map<string, readonly string[]>();
const inheritances = new Map<string, ReadonlyMap<string, Where>>();
const positions = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The table of these places, which are all in one file, and of those that are taken over. */
export function placeTable(
  places: ReadonlyMap<string, Where>,
  inherited: ReadonlyMap<string, Where> = new Map(),
): PlaceTable {
  const numbers = [...places.values()].flatMap(({ line, column }) => [line, column]);
  return shareTable({ paths: [...places.keys()], numbers: encode(numbers), inherited });
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
  return { file, line: numberAt(table, 2 * index), column: numberAt(table, 2 * index + 1) };
}

/** With one number that needs two units, all have two. */
function encode(numbers: readonly number[]): string {
  const isWide = numbers.some((number) => number > 0xffff);
  return numbers
    .map((number) =>
      isWide ? String.fromCharCode(number >>> 16, number & 0xffff) : String.fromCharCode(number),
    )
    .join("");
}

function numberAt({ paths, numbers }: PlaceTable, index: number): number {
  const isWide = numbers.length > 2 * paths.length;
  if (!isWide) return numbers.charCodeAt(index);
  return (numbers.charCodeAt(2 * index) << 16) | numbers.charCodeAt(2 * index + 1);
}
