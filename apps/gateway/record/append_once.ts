import type { TrailEntry, TrailStore } from "@countersign/trail";

/** Longer than any gateway is between reading what is on record and adding to it; later ones read it there. */
const WINDOW_MS = 60 * 60_000;

/**
 * Appends what several gateways may be about to append at the same time, as they look at the same email, unless one of
 * them has: a limit of 1, which the store judges. `what` names it in all of them. Tells whether it was this one.
 *
 * @throws {TrailUnavailableError}
 */
export async function appendOnce(
  what: string,
  entry: TrailEntry,
  { trail }: { readonly trail: TrailStore },
): Promise<{ readonly recorded: boolean }> {
  const reservations = [{ counter: `once:${what}`, windowMs: WINDOW_MS, max: 1 }];
  const appended = await trail.tryAppend({ ...entry, reservations });
  if (!appended.ok && appended.reason !== "limit") {
    throw new Error("Cannot append an entry that claims nothing: the store refused a claim");
  }
  return { recorded: appended.ok };
}
