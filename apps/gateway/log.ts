import { MultiMailError } from "@countersign/multimail";
import { TrailUnavailableError } from "@countersign/trail";
import { type Logger, pino } from "pino";

/** The gateway's log: JSON lines on stderr. Callers log ids and codes, never keys, bodies or addresses. */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      serializers: { err: describeError },
      timestamp: pino.stdTimeFunctions.isoTime,
      // A last net: what should never be handed to the log is not printed if it is.
      redact: { paths: ["authorization", "*.authorization", "apiKey", "*.apiKey"], censor: "[secret]" },
    },
    pino.destination(2),
  );
}

/** What was to be reckoned with is told in a line; where the code was then helps nobody. */
function describeError(error: unknown): unknown {
  if (error instanceof MultiMailError || error instanceof TrailUnavailableError) {
    const { name: type, message } = error;
    return { type, message, ...("status" in error && { status: error.status }) };
  }
  return error instanceof Error ? pino.stdSerializers.err(error) : error;
}
