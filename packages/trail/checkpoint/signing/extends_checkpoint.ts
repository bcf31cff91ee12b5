import type { TrailStore } from "../../store/store.ts";
import { consistencyProof, verifyConsistency } from "../../tree/mod.ts";
import type { TreeHead } from "../../tree/tree_head.ts";

/** Whether the trail's tree, with this head, only adds to an older one. */
export async function extendsCheckpoint(
  trail: TrailStore,
  { head, old }: { readonly head: TreeHead; readonly old: TreeHead },
): Promise<boolean> {
  if (old.size > head.size) return false;
  const claim = { oldSize: old.size, oldRoot: old.root, newSize: head.size, newRoot: head.root };
  try {
    return verifyConsistency(claim, await consistencyProof(old.size, head.size, trail));
  } catch (error) {
    // A stored hash is missing: whatever the tree is, it is not that one and more.
    if (error instanceof RangeError) return false;
    throw error;
  }
}
