import type { TrailEntry, TrailStore } from "@countersign/trail";

/**
 * Appends an entry that claims nothing, or nothing that it must have, so that only the disk can refuse it.
 *
 * @throws {TrailUnavailableError}
 */
export async function append(entry: TrailEntry, { trail }: { readonly trail: TrailStore }): Promise<void> {
  const appended = await trail.append(entry);
  if (!appended.ok) throw new Error("Cannot append an entry that claims nothing: the store refused a claim");
}
