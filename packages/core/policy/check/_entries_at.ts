import type { PolicyDocument } from "../read/policy_document.ts";
import { joinPath, nearestPlace, type Where } from "../where.ts";

/** A value of a document, and where it is. */
export interface Entry {
  readonly value: unknown;
  readonly path: string;
  readonly where: Where;
}

/**
 * Every value at a pattern such as `assistants[].keys[]`, where `[]` stands for each element, `[2]` for one. It works on documents
 * that the schema refuses, so that one mistake does not hide another; what has the wrong type is passed over.
 */
export function entriesAt(document: PolicyDocument, pattern: string): readonly Entry[] {
  const found: Entry[] = [];
  addEntries(found, document, { value: document.value, path: "", steps: stepsOf(pattern), depth: 0 });
  return found;
}

/** A value on the way to those that are wanted, and the steps that lead on. */
interface Way {
  readonly value: unknown;
  readonly path: string;
  readonly steps: readonly Step[];
  readonly depth: number;
}

function addEntries(found: Entry[], document: PolicyDocument, { value, path, steps, depth }: Way): void {
  const step = steps[depth];
  if (step === undefined) {
    found.push({ value, path, where: nearestPlace(document.places, path) ?? startOf(document) });
  } else if (typeof step === "string") {
    if (!isMap(value) || !(step in value)) return;
    addEntries(found, document, { value: value[step], path: joinPath(path, step), steps, depth: depth + 1 });
  } else if (Array.isArray(value)) {
    const [first, end] = step.only === undefined ? [0, value.length] : [step.only, step.only + 1];
    for (let index = first; index < end && index < value.length; index++) {
      const inner = joinPath(path, index);
      addEntries(found, document, { value: value[index], path: inner, steps, depth: depth + 1 });
    }
  }
}

function startOf({ file }: PolicyDocument): Where {
  return { file, line: 1, column: 1 };
}

/** A key of a map; or each element of a list, or only one. */
type Step = string | { readonly only?: number };

/** Nearly all patterns are written in code. */
const MAX_STEPS = 500;
const known = new Map<string, readonly Step[]>();

function stepsOf(pattern: string): readonly Step[] {
  const found = known.get(pattern);
  if (found !== undefined) return found;
  const steps = pattern.split(/\.|(?=\[\d*\])/).map((step): Step => {
    const index = /^\[(\d*)\]$/.exec(step)?.[1];
    return index === undefined ? step : index === "" ? {} : { only: Number(index) };
  });
  if (known.size >= MAX_STEPS) known.clear();
  known.set(pattern, steps);
  return steps;
}

/** An entry that is text. */
export interface TextEntry extends Entry {
  readonly value: string;
}

/** The entries that are text. */
export function textsAt(document: PolicyDocument, pattern: string): readonly TextEntry[] {
  return entriesAt(document, pattern).filter(isText);
}

function isText(entry: Entry): entry is TextEntry {
  return typeof entry.value === "string";
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
