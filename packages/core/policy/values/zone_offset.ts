/** Offsets from UTC change at quarters of an hour only. */
const STEADY_MS = 15 * 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, { readonly quarter: number; readonly offset: number }>();

/**
 * How far local time in an IANA time zone is ahead of UTC at an instant, both in milliseconds; remembers the last answer
 * of each zone, which mostly serves the next call.
 */
export function offsetAt(timezone: string, instant: number): number {
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
