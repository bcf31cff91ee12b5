import { TrailUnavailableError } from "../trail_unavailable_error.ts";

/** What to throw in place of an error: that the trail cannot be read or written, and why. */
export function unavailable(what: string, cause: unknown): TrailUnavailableError {
  if (cause instanceof TrailUnavailableError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new TrailUnavailableError(`Cannot ${what} the trail: ${why}`, { cause });
}

/** Whether it was not done because of another program, or for want of space: nothing of it is there, and it may be later. */
export function isPassing(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && /^SQLITE_(?:BUSY|LOCKED|FULL)/.test(String(cause.code));
}
