import type { PolicyDocument } from "../read/policy_document.ts";
import { joinPath, nearestPlace, type Where } from "../where.ts";

/**
 * Every value at a pattern such as `assistants[].keys[]`, where `[]` stands for each element, `[2]` for one. It works on documents
 * that the schema refuses, so that one mistake does not hide another; what has the wrong type is passed over. An entry keeps
 * its document: whoever keeps an entry longer takes out of it what is needed.
 */
export function entriesAt(document: PolicyDocument, pattern: string): readonly Entry[] {
  const found: Entry[] = [];
  addEntries(found, { document, steps: stepsOf(pattern) }, { value: document.value, depth: 0, indices: [] });
  return found;
}

/** What is looked for. */
interface Search {
  readonly document: PolicyDocument;
  readonly steps: readonly Step[];
}

/** A value on the way to those that are wanted, and the elements of lists that it is in. */
interface Way {
  readonly value: unknown;
  readonly depth: number;
  readonly indices: readonly number[];
}

/**
 * A value of a document, and where it is: that is worked out when it is asked for, since hardly any of thousands of teams'
 * values has a problem.
 */
export class Entry {
  readonly value: unknown;
  readonly #search: Search;
  readonly #indices: readonly number[];

  constructor(search: Search, { value, indices }: Omit<Way, "depth">) {
    this.value = value;
    this.#search = search;
    this.#indices = indices;
  }

  get path(): string {
    let list = 0;
    return this.#search.steps.reduce<string>(
      (path, step) => joinPath(path, typeof step === "string" ? step : (this.#indices[list++] ?? 0)),
      "",
    );
  }

  get where(): Where {
    const { document } = this.#search;
    return nearestPlace(document.places, this.path) ?? { file: document.file, line: 1, column: 1 };
  }

  /** Another value that counts as if it stood here. */
  with(value: unknown): Entry {
    return new Entry(this.#search, { value, indices: this.#indices });
  }
}

function addEntries(found: Entry[], search: Search, way: Way): void {
  const { value, depth, indices } = way;
  const step = search.steps[depth];
  if (step === undefined) {
    found.push(new Entry(search, way));
  } else if (typeof step === "string") {
    if (isMap(value) && step in value)
      addEntries(found, search, { value: value[step], depth: depth + 1, indices });
  } else if (Array.isArray(value)) {
    const [first, end] = step.only === undefined ? [0, value.length] : [step.only, step.only + 1];
    for (let index = first; index < end && index < value.length; index++)
      addEntries(found, search, { value: value[index], depth: depth + 1, indices: [...indices, index] });
  }
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
