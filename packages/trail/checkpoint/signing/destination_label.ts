import type { Destination } from "./destination.ts";

/** A destination as it may be shown: without the query, in which there may be a token. */
export function destinationLabel(to: Destination): string {
  if (to.kind === "file") return `file:${to.path}`;
  const { origin, pathname } = new URL(to.url);
  return `${origin}${pathname}`;
}
