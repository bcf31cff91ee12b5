import { hash } from "node:crypto";
import type { TrailRecord } from "../record/record.ts";
import type { TrailEnd, TrailRow } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import type { Walk } from "./_walk.ts";

/** Compares the texts of policies with their names, and with the records that name them. */
export class PolicyCheck implements Check {
  readonly #walk: Walk;
  /** The first record that names a policy file, by the file's hash. */
  readonly #named = new Map<string, number>();

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  row({ seq }: TrailRow, record: TrailRecord | undefined): void {
    if (!this.#walk.isInPlace(seq, record)) return;
    const { kind, data } = record;
    if (kind !== "policy" || data.result !== "loaded" || !Array.isArray(data.files)) return;
    for (const file of data.files as ({ hash?: unknown } | null)[]) {
      const name = nameOf(file?.hash);
      if (name !== undefined && !this.#named.has(name)) this.#named.set(name, seq);
    }
  }

  settle({ policyTexts, policyHashes }: TrailEnd): void {
    const isSound = (file: { text: string; hash: string }) => hash("sha256", file.text) === file.hash;
    const files = policyHashes ?? policyTexts?.map((file) => ({ hash: file.hash, isSound: isSound(file) }));
    if (files !== undefined) this.#compareTexts(files);
  }

  #compareTexts(files: NonNullable<TrailEnd["policyHashes"]>): void {
    const { problems } = this.#walk;
    for (const { hash: name, isSound } of files) {
      if (!isSound)
        problems.add(
          this.#named.get(name) ?? null,
          "changed",
          `The text of policy ${name} does not hash to its name`,
        );
    }
    for (const { hash: name } of files) this.#named.delete(name);
    for (const [name, seq] of this.#named) {
      problems.add(seq, "removed", `The text of policy ${name} is missing`);
    }
  }
}

/** What a record calls a file: its hash, whatever else stands there. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return /^[\da-f]{64}$/.test(value) ? value : "that no hash names";
}
