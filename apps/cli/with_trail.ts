import type { TrailStore } from "@countersign/trail";
import { openTrail } from "./open_trail.ts";

/** Reads from the trail of `DATA_DIR`, and closes it whatever happens. */
export async function withTrail<T>(read: (trail: TrailStore) => Promise<T>): Promise<T> {
  const trail = await openTrail();
  try {
    return await read(trail);
  } finally {
    await trail.close();
  }
}
