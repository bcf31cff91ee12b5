import { type Command, InvalidArgumentError } from "commander";
import { parseTime, parseZone } from "./parse_time.ts";

/** Times as a command line gives them. */
export interface TimeFlags {
  readonly since?: string;
  readonly until?: string;
  readonly tz: string;
}

/** A stretch of time in epoch milliseconds: from `since` until just before `until`. */
export interface TimeSpan {
  readonly since?: number;
  readonly until?: number;
}

/** Adds `--since`, `--until` and `--tz`, which `readTimes` reads. */
export function addTimeOptions(command: Command): Command {
  return addZoneOption(
    command
      .option("--since <time>", "from then on: 2026-11-23, 2026-11-23T10:00, 7d, yesterday")
      .option("--until <time>", "before then"),
  );
}

/** Adds `--tz`. */
export function addZoneOption(command: Command): Command {
  return command.option("--tz <zone>", "time zone, like Europe/Berlin", parseZone, "UTC");
}

/**
 * The times that a command line gives.
 *
 * @throws {UsageError} when one is none, or none can lie between them
 */
export function readTimes({ since, until, tz }: TimeFlags, command: Command): TimeSpan {
  const now = Date.now();
  const span = {
    ...(since !== undefined && { since: readTime(command, "--since <time>", since, { now, zone: tz }) }),
    ...(until !== undefined && { until: readTime(command, "--until <time>", until, { now, zone: tz }) }),
  };
  if (span.since !== undefined && span.until !== undefined && span.since >= span.until)
    command.error("error: --until must be later than --since");
  return span;
}

/**
 * One time that a command line gives; options alone cannot read it, because `--tz` may come after it.
 *
 * @throws {UsageError} when it is none
 */
export function readTime(
  command: Command,
  flags: string,
  text: string,
  options: Parameters<typeof parseTime>[1],
): number {
  try {
    return parseTime(text, options);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return command.error(`error: option '${flags}' argument '${text}' is invalid. ${error.message}`);
  }
}
