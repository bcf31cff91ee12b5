import { type Logger, pino } from "pino";

/** The gateway's log: JSON lines on stderr. Callers log ids and codes, never keys, bodies or addresses. */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // A last net: what should never be handed to the log is not printed if it is.
      redact: { paths: ["authorization", "*.authorization", "apiKey", "*.apiKey"], censor: "[secret]" },
    },
    pino.destination(2),
  );
}
