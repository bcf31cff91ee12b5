import { hash } from "node:crypto";
import { isOpening, isSettling } from "../_derived.ts";
import type { TrailRecord } from "../record.ts";
import type { Problems } from "./_problems.ts";
import type { TrailEnd } from "./trail_source.ts";

/** Compares with the records what a trail has once: the list of open intents, and the texts of its policies. */
export class EndCheck {
  readonly #problems: Problems;
  /** Intents without an outcome so far, by receipt. */
  readonly #open = new Map<string, number>();
  /** The first record that names a policy file, by the file's hash. */
  readonly #named = new Map<string, number>();

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  add(seq: number, { kind, receipt, data }: TrailRecord): void {
    if (receipt !== null && isOpening(kind, data)) this.#open.set(receipt, seq);
    if (receipt !== null && isSettling(kind, data)) this.#open.delete(receipt);
    if (kind !== "policy" || data.result !== "loaded" || !Array.isArray(data.files)) return;
    for (const file of data.files as ({ hash?: unknown } | null)[]) {
      if (typeof file?.hash === "string" && !this.#named.has(file.hash)) this.#named.set(file.hash, seq);
    }
  }

  /** `length`: how many records there are; `known`: of how many it was said already if they are missing. */
  end({ openIntents, policyTexts }: TrailEnd, length: number, known: number): void {
    if (openIntents !== undefined) this.#compareOpen(openIntents.filter(({ seq }) => seq < length));
    for (const { seq } of openIntents?.filter(({ seq }) => seq >= known) ?? []) {
      this.#problems.add(seq, "removed", `Record ${seq} is missing: it is listed as an open intent`);
    }
    if (policyTexts !== undefined) this.#compareTexts(policyTexts);
  }

  #compareOpen(listed: NonNullable<TrailEnd["openIntents"]>): void {
    for (const { receipt, seq } of listed) {
      if (this.#open.get(receipt) !== seq) {
        this.#problems.add(seq, "added", `Record ${seq} is listed as an open intent and is none`);
      }
      this.#open.delete(receipt);
    }
    for (const seq of this.#open.values()) {
      this.#problems.add(seq, "removed", `Record ${seq} is missing from the list of open intents`);
    }
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
