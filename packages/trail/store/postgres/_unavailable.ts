import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import { whyNot } from "./_why_not.ts";

/**
 * The error for what the database did not do. Of the driver's own error, message and SQLSTATE are kept and nothing else:
 * `detail` and `where` quote rows.
 */
export function unavailable(what: string, error: unknown): TrailUnavailableError {
  if (error instanceof TrailUnavailableError) return error;
  const why = messageOf(error);
  const code = error instanceof Error && "code" in error ? { code: error.code } : {};
  return new TrailUnavailableError(`Cannot ${what} the trail: ${why}`, {
    cause: Object.assign(new Error(why), code),
  });
}

/** A sentence about it, and what to do. Several addresses that all refuse make an error without a message. */
export function messageOf(error: unknown, variable = "DATABASE_URL"): string {
  if (error instanceof AggregateError && error.message === "") return messageOf(error.errors[0], variable);
  if (!(error instanceof Error)) return String(error);
  const todo = whyNot(error, variable);
  return todo === undefined ? error.message : `${error.message}; ${todo}`;
}
