const DAY_MS = 86_400_000;

/** Reads `2026-12-31` as the first instant after that day in UTC, epoch milliseconds. The day must exist. */
export function parseExpiry(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== text) return undefined;
  return midnight + DAY_MS;
}

/** The first instant (epoch ms) after a day such as `2026-12-31` in an IANA time zone. */
export function endOfDay(day: string, timezone: string): number {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: timezone, ...DATE });
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

const MINUTE_MS = 60_000;
const MOST_OFFSET_MS = 15 * 60 * MINUTE_MS;
const DATE = { calendar: "iso8601", year: "numeric", month: "2-digit", day: "2-digit" } as const;
