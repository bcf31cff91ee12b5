import type { TrailStore } from "../../store/store.ts";
import type { StoredCheckpoint } from "../../store/stored.ts";

/** The checkpoint that was signed last; undefined: none was. */
export async function newestCheckpoint(trail: TrailStore): Promise<StoredCheckpoint | undefined> {
  for await (const stored of trail.checkpoints({ newestFirst: true, limit: 1 })) return stored;
  return undefined;
}
