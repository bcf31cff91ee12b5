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
  let found: readonly { readonly value: unknown; readonly path: string }[] = [
    { value: document.value, path: "" },
  ];
  for (const step of stepsOf(pattern)) {
    if (found.length === 0) return [];
    found = found.flatMap(({ value, path }) => {
      if (step === "[]")
        return Array.isArray(value)
          ? value.map((item, index) => ({ value: item, path: joinPath(path, index) }))
          : [];
      const [, index] = /^\[(\d+)\]$/.exec(step) ?? [];
      if (index !== undefined) {
        const position = Number(index);
        return Array.isArray(value) && position < value.length
          ? [{ value: value[position], path: joinPath(path, position) }]
          : [];
      }
      return isMap(value) && step in value ? [{ value: value[step], path: joinPath(path, step) }] : [];
    });
  }
  return found.map(({ value, path }) => ({
    value,
    path,
    where: nearestPlace(document.places, path) ?? { file: document.file, line: 1, column: 1 },
  }));
}

/** Nearly all patterns are written in code. */
const MAX_STEPS = 500;
const steps = new Map<string, readonly string[]>();

function stepsOf(pattern: string): readonly string[] {
  const known = steps.get(pattern) ?? pattern.split(/\.|(?=\[\d*\])/);
  if (steps.size >= MAX_STEPS) steps.clear();
  steps.set(pattern, known);
  return known;
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
