import type { TrailEntry, TrailStore } from "@countersign/trail";

/** Longer than any gateway is between reading what is on record and adding to it; later ones read it there. */
const WINDOW_MS = 60 * 60_000;

/** What is to be on record once. */
export interface OnceEntry {
  /** Names it, the same in all gateways. */
  readonly what: string;
  readonly entry: TrailEntry;
}

/**
 * Appends, in one commit, what several gateways may be about to append at the same time, as they look at the same email,
 * except what one of them has: each has a limit of 1, which the store judges. Tells of each whether it was this one.
 *
 * @throws {TrailUnavailableError}
 */
export async function appendOnce(
  entries: readonly OnceEntry[],
  { trail }: { readonly trail: TrailStore },
): Promise<readonly { readonly recorded: boolean }[]> {
  if (entries.length === 0) return [];
  const wanting = entries.map(({ what, entry }) => ({
    ...entry,
    reservations: [{ counter: `once:${what}`, windowMs: WINDOW_MS, max: 1 }],
  }));
  return (await trail.tryAppendAll(wanting)).map((appended) => {
    if (!appended.ok && appended.reason !== "limit") {
      throw new Error("Cannot append an entry that claims nothing: the store refused a claim");
    }
    return { recorded: appended.ok };
  });
}
