import type { TrailStore } from "@countersign/trail";
import { openTrail } from "./open_trail.ts";

/** Reads from the trail of `DATA_DIR`, and closes it whatever happens. */
export function withTrail<T>(read: (trail: TrailStore) => Promise<T>): Promise<T> {
  return withOpened({ readonly: true }, read);
}

/** The same, to verify it: whatever its schema is. */
export function withUncheckedTrail<T>(read: (trail: TrailStore) => Promise<T>): Promise<T> {
  return withOpened({ readonly: true, unchecked: true }, read);
}

/** The same, and may append to it, also while a gateway does. */
export function withWritableTrail<T>(work: (trail: TrailStore) => Promise<T>): Promise<T> {
  return withOpened({ readonly: false }, work);
}

async function withOpened<T>(
  options: { readonly readonly: boolean; readonly unchecked?: boolean },
  work: (trail: TrailStore) => Promise<T>,
): Promise<T> {
  const trail = await openTrail(options);
  try {
    return await work(trail);
  } finally {
    await trail.close();
  }
}
