import type { TreeCheck } from "./_tree_check.ts";
import type { KnownKeys } from "./known_keys.ts";
import type { OutsideCheckpoint } from "./outside_checkpoint.ts";
import type { Problems } from "./problems.ts";

/** What checkpoints from outside are compared with. */
export interface OutsideCheckOptions {
  readonly problems: Problems;
  readonly tree: TreeCheck;
  readonly keys: KnownKeys;
}

/**
 * Compares a trail, once it was walked, with checkpoints from outside: signed by a key of the trail's or one that is trusted,
 * and the root of the tree when it had that size.
 *
 * @param size of the whole trail
 */
export function checkOutside(
  outside: readonly OutsideCheckpoint[],
  size: number,
  { problems, tree, keys }: OutsideCheckOptions,
): void {
  let good = 0;
  for (const { name, checkpoint } of outside.toSorted((a, b) => a.checkpoint.size - b.checkpoint.size)) {
    const what = `checkpoint "${name}" of size ${checkpoint.size}`;
    const { signedBy, forgedFor } = keys.open(checkpoint.note);
    if (forgedFor.length > 0) {
      problems.add(
        null,
        "forged",
        `The ${what} has a signature in the name of "${forgedFor[0]?.key.name}" that is not valid`,
      );
    } else if (!signedBy.some(({ counts }) => counts)) {
      const trusted = keys.arePinned
        ? "that is trusted (an older one has to be given too)"
        : "that this trail names";
      problems.add(
        null,
        "forged",
        `The ${what} is signed by no key ${trusted}: it is of another trail, or the keys were rewritten`,
      );
    }
    if (checkpoint.size > size) {
      const message = `The trail ends with ${size} records, and the ${what} signed more: it was cut off, or restored from an older copy, after record ${size - 1}`;
      problems.add(size, "cut_off", message);
      continue;
    }
    const root = tree.watchedRoot(checkpoint.size);
    if (root === undefined) {
      const message = `The ${what} cannot be compared: nothing here shows what the tree was when it had that size`;
      problems.add(null, "unproved", message);
      continue;
    }
    if (Buffer.compare(root, checkpoint.root) === 0) good = checkpoint.size;
    else {
      const message = `One of the records ${good} to ${checkpoint.size - 1} is not what the ${what} signed: the trail was rewritten, or restored from an older copy and continued, after record ${good - 1}`;
      problems.add(good, "rewritten", good === 0 ? message.replace(", after record -1", "") : message);
      return;
    }
  }
}
