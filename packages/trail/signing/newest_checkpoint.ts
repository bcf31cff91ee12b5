import type { StoredCheckpoint, TrailStore } from "../store.ts";

/** The checkpoint that was signed last; undefined: none was. */
export async function newestCheckpoint(trail: TrailStore): Promise<StoredCheckpoint | undefined> {
  for await (const stored of trail.checkpoints({ newestFirst: true, limit: 1 })) return stored;
  return undefined;
}
