import { type Logger, pino } from "pino";

/** The console's log: JSON lines on stderr. Callers log ids and codes, never keys, bodies or addresses. */
export function createLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
