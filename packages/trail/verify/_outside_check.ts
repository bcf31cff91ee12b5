import type { Checkpoint } from "../checkpoint/mod.ts";
import type { Check } from "./_check.ts";
import type { TreeCheck } from "./_tree_check.ts";
import type { Walk } from "./_walk.ts";
import type { KnownKeys } from "./known_keys.ts";

/** A checkpoint that was kept where whoever can write the trail could not get at it. */
export interface OutsideCheckpoint {
  /** For people: where it is from. */
  readonly name: string;
  readonly checkpoint: Checkpoint;
}

/** What checkpoints from outside are compared with. */
export interface OutsideCheckOptions {
  readonly outside: readonly OutsideCheckpoint[];
  readonly tree: TreeCheck;
  readonly keys: KnownKeys;
}

/**
 * Compares a trail, once it was walked, with checkpoints from outside: signed by a key of the trail's or one that is trusted,
 * and the root of the tree when it had that size.
 */
export class OutsideCheck implements Check {
  readonly #walk: Walk;
  readonly #options: OutsideCheckOptions;

  constructor(walk: Walk, options: OutsideCheckOptions) {
    this.#walk = walk;
    this.#options = options;
  }

  end(): void {
    const { outside } = this.#options;
    let good = 0;
    for (const { name, checkpoint } of outside.toSorted((a, b) => a.checkpoint.size - b.checkpoint.size)) {
      const what = `checkpoint "${name}" of size ${checkpoint.size}`;
      this.#checkSignatures(checkpoint, what);
      const compared = this.#compareRoot(checkpoint, { what, good });
      if (compared === "rewritten") return;
      if (compared === "same") good = checkpoint.size;
    }
  }

  #checkSignatures({ note }: Checkpoint, what: string): void {
    const { problems } = this.#walk;
    const { keys } = this.#options;
    const { signedBy, forgedFor } = keys.open(note);
    if (forgedFor.length > 0) {
      const message = `The ${what} has a signature in the name of "${forgedFor[0]?.key.name}" that is not valid`;
      problems.add(null, "forged", message);
    } else if (!signedBy.some(({ counts }) => counts)) {
      const trusted = keys.arePinned
        ? "that is trusted (an older one has to be given too)"
        : "that this trail names";
      const message = `The ${what} is signed by no key ${trusted}: it is of another trail, or the keys were rewritten`;
      problems.add(null, "forged", message);
    }
  }

  /** `good`: of the largest tree so far whose root is the same. */
  #compareRoot(
    { size, root }: Checkpoint,
    { what, good }: { readonly what: string; readonly good: number },
  ): "same" | "rewritten" | "unknown" {
    const { problems, head } = this.#walk;
    if (size > head.size) {
      const message = `The trail ends with ${head.size} records, and the ${what} signed more: it was cut off, or restored from an older copy, after record ${head.size - 1}`;
      problems.add(head.size, "cut_off", message);
      return "unknown";
    }
    const made = this.#options.tree.watchedRoot(size);
    if (made === undefined) {
      const message = `The ${what} cannot be compared: nothing here shows what the tree was when it had that size`;
      problems.add(null, "unproved", message);
      return "unknown";
    }
    if (Buffer.compare(made, root) === 0) return "same";
    const message = `One of the records ${good} to ${size - 1} is not what the ${what} signed: the trail was rewritten, or restored from an older copy and continued, after record ${good - 1}`;
    problems.add(good, "rewritten", good === 0 ? message.replace(", after record -1", "") : message);
    return "rewritten";
  }
}
