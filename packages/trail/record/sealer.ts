import { seal } from "./seal.ts";
import type { Commitment, Sealed, SealedKind } from "./sealed.ts";

/**
 * Collects the values of one entry while its data is put together.
 *
 * @example
 * ```ts
 * import { Sealer } from "@countersign/trail";
 *
 * const sealer = new Sealer();
 * const data = { subject: sealer.seal("subject", "Invoice 42") };
 * const entry = { kind: "readback", data, sealed: sealer.values };
 * ```
 */
export class Sealer {
  readonly #values: Sealed[] = [];

  /** Seals the value and returns its commitment, which the record is to name. */
  seal(kind: SealedKind, value: string): Commitment {
    const sealed = seal(value, kind);
    this.#values.push(sealed);
    return sealed.commitment;
  }

  /** What was sealed so far, in order. */
  get values(): readonly Sealed[] {
    return this.#values;
  }
}
