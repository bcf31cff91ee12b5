const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A day of 24 hours. */
export const DAY_MS = 86_400_000;

/** Reads `30m`, `24h` or `7d`, up to so many days (default 30: nothing is remembered for longer), as milliseconds. */
export function parseDuration(text: string, maxDays = 30): number | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS_MS[unit] ?? 0);
  return ms > 0 && ms <= maxDays * DAY_MS ? ms : undefined;
}

/** Reads `2026-12-31` as the first instant after that day in UTC, epoch milliseconds. The day must exist. */
export function parseExpiry(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== text) return undefined;
  return midnight + DAY_MS;
}

/** The first instant (epoch ms) after a day such as `2026-12-31` in an IANA time zone. */
export function endOfDay(day: string, timezone: string): number {
  const format = dateFormat(timezone);
  const midnight = Date.parse(`${day}T00:00:00Z`) + DAY_MS;
  // No zone is further from UTC. Its date is the day's or earlier at `last`, and later at `next`.
  let [last, next] = [midnight - MOST_OFFSET_MS, midnight + MOST_OFFSET_MS];
  while (next - last > MINUTE_MS) {
    const middle = Math.round((last + next) / 2 / MINUTE_MS) * MINUTE_MS;
    if (format.format(middle) > day) next = middle;
    else last = middle;
  }
  return next;
}

/** The first instant (epoch ms) of a day such as `2026-12-31` in an IANA time zone. */
export function startOfDay(day: string, timezone: string): number {
  const before = new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS);
  return endOfDay(before.toISOString().slice(0, 10), timezone);
}

/** Making one takes longer than a hundred uses of it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone) ?? new Intl.DateTimeFormat("en-CA", { timeZone: timezone, ...DATE });
  formats.set(timezone, known);
  return known;
}

const MINUTE_MS = 60_000;
const MOST_OFFSET_MS = 15 * 60 * MINUTE_MS;
const DATE = { calendar: "iso8601", year: "numeric", month: "2-digit", day: "2-digit" } as const;

/** Reads `08:30` as minutes from midnight; `24:00` is the end of the day. */
export function parseTimeOfDay(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (text === "24:00") return 1440;
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Reads `mon-fri`, `sun-thu` or `mon, wed, fri` as ISO weekdays, 1 Monday to 7 Sunday. */
export function parseWeekdays(text: string): ReadonlySet<number> | undefined {
  if (text.length > 100) return undefined;
  const days = new Set<number>();
  for (const part of text.split(",")) {
    const [, first = "", last = first] = /^\s*([a-z]{3})(?:-([a-z]{3}))?\s*$/.exec(part) ?? [];
    const from = WEEKDAYS.indexOf(first);
    const to = WEEKDAYS.indexOf(last);
    if (from === -1 || to === -1) return undefined;
    // The week goes round: where Sunday is a working day, "sun-thu" is a week.
    for (let day = from; ; day = (day + 1) % 7) {
      days.add(day + 1);
      if (day === to) break;
    }
  }
  return days;
}

/** Asking costs a hundred times more than remembering. */
const known = new Set<string>();

/** Whether the text names an IANA time zone, such as `Europe/Paris`. */
export function isTimeZone(text: string): boolean {
  if (known.has(text)) return true;
  // Newer engines take "+01:00" too, which has no summer time: not what people mean by their working hours.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
  } catch {
    return false;
  }
  known.add(text);
  return true;
}
