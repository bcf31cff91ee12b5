import type { TrailStore } from "../../store/store.ts";

/** Whether there is a record from `size` on that is about more than checkpoints. */
export async function hasGrown(trail: TrailStore, size: number): Promise<boolean> {
  for await (const { record } of trail.records({ fromSeq: size })) {
    if (record.kind !== "checkpoint") return true;
  }
  return false;
}
