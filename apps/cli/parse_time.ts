import { InvalidArgumentError } from "commander";

/**
 * A moment as people write it, in epoch milliseconds: `2026-11-23`, `2026-11-23T10:00:00Z`; without a zone it is UTC.
 *
 * @throws {InvalidArgumentError} when it is none
 */
export function parseTime(text: string): number {
  const form = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  const isDay = text.length === 10;
  const time = Date.parse(`${text.replace(" ", "T")}${form?.[1] !== undefined || isDay ? "" : "Z"}`);
  if (form === null || Number.isNaN(time)) {
    throw new InvalidArgumentError("A time is needed, like 2026-11-23 or 2026-11-23T10:00:00Z");
  }
  return time;
}
