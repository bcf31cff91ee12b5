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

/** A function takes no more arguments than some ten thousands. */
const MAX_UNITS = 8_192;

const words = new Map<string, string>();
const shapes = new Map<string, readonly string[]>();
const inheritances = new Map<string, ReadonlyMap<string, Where>>();
const sharedOnes = new WeakSet<ReadonlyMap<string, Where>>();
const positions = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** The table of these places, which are all in one file, and of those that are taken over. */
export function placeTable(
  places: ReadonlyMap<string, Where>,
  inherited: ReadonlyMap<string, Where> = new Map(),
): PlaceTable {
  const numbers: number[] = [];
  for (const { line, column } of places.values()) numbers.push(line, column);
  return shareTable({ paths: [...places.keys()], numbers: encode(numbers), inherited });
}

/** The same table, sharing with others what they have in common. */
export function shareTable({ paths, numbers, inherited }: PlaceTable): PlaceTable {
  return {
    // One path may be empty, and a name may hold whatever a quoted text can.
    paths: shared(shapes, JSON.stringify(paths), () => paths.map((path) => shared(words, path, () => path))),
    numbers,
    inherited: shareInherited(inherited),
  };
}

/** Of thousands of teams nearly all are given one that is shared already. */
function shareInherited(inherited: ReadonlyMap<string, Where>): ReadonlyMap<string, Where> {
  if (sharedOnes.has(inherited)) return inherited;
  const one = shared(inheritances, JSON.stringify([...inherited]), () => inherited);
  sharedOnes.add(one);
  return one;
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
  const units = isWide ? numbers.flatMap((number) => [number >>> 16, number & 0xffff]) : numbers;
  let text = "";
  for (let start = 0; start < units.length; start += MAX_UNITS)
    text += String.fromCharCode(...units.slice(start, start + MAX_UNITS));
  return text;
}

function numberAt({ paths, numbers }: PlaceTable, index: number): number {
  const isWide = numbers.length > 2 * paths.length;
  if (!isWide) return numbers.charCodeAt(index);
  return (numbers.charCodeAt(2 * index) << 16) | numbers.charCodeAt(2 * index + 1);
}
