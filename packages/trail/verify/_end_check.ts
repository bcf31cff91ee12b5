import { hash } from "node:crypto";
import type { TrailRecord } from "../record.ts";
import { LISTS, ListCheck } from "./_list_check.ts";
import type { Problems } from "./_problems.ts";
import type { TrailEnd } from "./trail_source.ts";

/** Compares with the records what a trail has once: the lists of what is not settled, and the texts of its policies. */
export class EndCheck {
  readonly #problems: Problems;
  readonly #lists: readonly ListCheck[];
  /** The first record that names a policy file, by the file's hash. */
  readonly #named = new Map<string, number>();

  constructor(problems: Problems) {
    this.#problems = problems;
    this.#lists = LISTS.map((list) => new ListCheck(list, problems));
  }

  add(seq: number, record: TrailRecord): void {
    for (const list of this.#lists) list.add(seq, record);
    const { kind, data } = record;
    if (kind !== "policy" || data.result !== "loaded" || !Array.isArray(data.files)) return;
    for (const file of data.files as ({ hash?: unknown } | null)[]) {
      if (typeof file?.hash === "string" && !this.#named.has(file.hash)) this.#named.set(file.hash, seq);
    }
  }

  /** `length`: how many records there are; `known`: of how many it was said already if they are missing. */
  end(end: TrailEnd, length: number, known: number): void {
    for (const list of this.#lists) list.end(end, length, known);
    if (end.policyTexts !== undefined) this.#compareTexts(end.policyTexts);
  }

  #compareTexts(texts: NonNullable<TrailEnd["policyTexts"]>): void {
    for (const file of texts) {
      if (hash("sha256", file.text) !== file.hash) {
        const seq = this.#named.get(file.hash) ?? null;
        this.#problems.add(seq, "changed", `The text of policy ${file.hash} does not hash to its name`);
      }
      this.#named.delete(file.hash);
    }
    for (const [name, seq] of this.#named) {
      this.#problems.add(seq, "removed", `The text of policy ${name} is missing`);
    }
  }
}
