import type { TrailRecord } from "../record/record.ts";
import type { TrailRow } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import type { Walk } from "./_walk.ts";
import type { KnownKeys } from "./known_keys.ts";

/** Learns the keys that sign checkpoints, from the records and from what an export says of those that it does not show. */
export class KeyCheck implements Check {
  readonly #walk: Walk;
  readonly #keys: KnownKeys;

  constructor(walk: Walk, keys: KnownKeys) {
    this.#walk = walk;
    this.#keys = keys;
    if (walk.from > 0) this.#learnDeclared();
  }

  row({ seq }: TrailRow, record: TrailRecord | undefined): void {
    if (this.#walk.isInPlace(seq, record) && record.kind === "key") this.#keys.add(seq, record);
  }

  end(): void {
    // Who signed the whole may have come on record after a part.
    if (this.#walk.to < this.#walk.head.size) this.#learnDeclared();
  }

  #learnDeclared(): void {
    const { declared } = this.#walk;
    if (declared !== undefined) this.#keys.declare(declared.keys, declared.vouches ?? []);
  }
}
