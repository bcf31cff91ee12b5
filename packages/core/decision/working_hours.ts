import type { HoursPolicy } from "../policy/mod.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Offsets from UTC change at quarters of an hour only. */
const STEADY_MS = 15 * MINUTE_MS;

/** Whether the instant (epoch ms) falls in the hours, in their time zone: from `from` until just before `to`. */
export function isWithinHours(hours: HoursPolicy, instant: number): boolean {
  const local = instant + offsetAt(hours.timezone, instant);
  const minute = Math.floor(mod(local, DAY_MS) / MINUTE_MS);
  return hours.days.has(weekdayOf(local)) && minute >= hours.from && minute < hours.to;
}

/** The first instant (epoch ms) after this one at which the hours begin, or begin again because a clock was set back. */
export function nextOpening(hours: HoursPolicy, instant: number): number {
  const today = Math.floor((instant + offsetAt(hours.timezone, instant)) / DAY_MS) * DAY_MS;
  // Two weeks: the only hours of a week may be those that are skipped when clocks are set forward.
  for (let midnight = today; midnight <= today + 14 * DAY_MS; midnight += DAY_MS) {
    if (!hours.days.has(weekdayOf(midnight))) continue;
    const before = offsetAt(hours.timezone, midnight - DAY_MS);
    const after = offsetAt(hours.timezone, midnight + 2 * DAY_MS);
    const first = midnight + hours.from * MINUTE_MS - Math.max(before, after);
    // Where clocks change about that day, every minute is tried.
    const last = before === after ? first : midnight + hours.to * MINUTE_MS - Math.min(before, after);
    for (let opening = first; opening <= last; opening += MINUTE_MS)
      if (opening > instant && isWithinHours(hours, opening)) return opening;
  }
  throw new RangeError("Cannot find an opening: no weekday is in the hours");
}

/** ISO weekday of a local time: 1 Monday to 7 Sunday. Day 0 of the epoch was a Thursday. */
function weekdayOf(local: number): number {
  return mod(Math.floor(local / DAY_MS) + 3, 7) + 1;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, { readonly quarter: number; readonly offset: number }>();

/** How far local time is ahead of UTC; remembers the last answer of each zone, which mostly serves the next call. */
function offsetAt(timezone: string, instant: number): number {
  const quarter = Math.floor(instant / STEADY_MS);
  const known = offsets.get(timezone);
  if (known?.quarter === quarter) return known.offset;
  const offset = computeOffset(timezone, quarter * STEADY_MS);
  offsets.set(timezone, { quarter, offset });
  return offset;
}

function computeOffset(timezone: string, instant: number): number {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      calendar: "iso8601",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(timezone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
}
