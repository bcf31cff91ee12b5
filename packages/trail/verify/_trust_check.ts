import type { Check } from "./_check.ts";
import type { CheckpointCheck } from "./_checkpoint_check.ts";
import type { SignatureTally } from "./_signature_tally.ts";
import type { Walk } from "./_walk.ts";
import type { KnownKeys } from "./known_keys.ts";

/** What tells who signed. */
export interface TrustCheckOptions {
  readonly checkpoints: CheckpointCheck;
  readonly keys: KnownKeys;
  readonly tally: SignatureTally;
}

/**
 * Looks for who signed it all. A store goes on after its latest checkpoint; an export has one of exactly its size, or nobody
 * signed what it shows.
 */
export class TrustCheck implements Check {
  readonly #walk: Walk;
  readonly #options: TrustCheckOptions;

  constructor(walk: Walk, options: TrustCheckOptions) {
    this.#walk = walk;
    this.#options = options;
  }

  settle(): void {
    const { problems, declared, head } = this.#walk;
    const { checkpoints, keys, tally } = this.#options;
    if (!keys.arePinned) return;
    if (declared !== undefined && !checkpoints.isCovered && !problems.any) {
      const message = `No checkpoint of the tree of ${head.size} records is signed by a key that is trusted`;
      problems.add(null, "forged", message);
    } else if (tally.count === 0)
      problems.add(null, "forged", "No checkpoint is signed by a key that is trusted");
  }
}
