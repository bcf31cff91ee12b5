import { hash } from "node:crypto";
import type { TrailRecord } from "../record/record.ts";
import type { TrailEnd } from "../store/trail_source.ts";
import { LISTS, ListCheck } from "./_list_check.ts";
import type { Problems } from "./problems.ts";

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
      const name = nameOf(file?.hash);
      if (name !== undefined && !this.#named.has(name)) this.#named.set(name, seq);
    }
  }

  /** `length`: how many records there are; `known`: of how many it was said already if they are missing. */
  end(end: TrailEnd, length: number, known: number): void {
    for (const list of this.#lists) list.end(end, length, known);
    const { policyTexts, policyHashes } = end;
    const isSound = (file: { text: string; hash: string }) => hash("sha256", file.text) === file.hash;
    const files = policyHashes ?? policyTexts?.map((file) => ({ hash: file.hash, isSound: isSound(file) }));
    if (files !== undefined) this.#compareTexts(files);
  }

  #compareTexts(files: NonNullable<TrailEnd["policyHashes"]>): void {
    for (const { hash: name, isSound } of files) {
      if (!isSound)
        this.#problems.add(
          this.#named.get(name) ?? null,
          "changed",
          `The text of policy ${name} does not hash to its name`,
        );
    }
    for (const { hash: name } of files) this.#named.delete(name);
    for (const [name, seq] of this.#named) {
      this.#problems.add(seq, "removed", `The text of policy ${name} is missing`);
    }
  }
}

/** What a record calls a file: its hash, whatever else stands there. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return /^[\da-f]{64}$/.test(value) ? value : "that no hash names";
}
