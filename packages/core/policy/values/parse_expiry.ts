const DAY_MS = 86_400_000;

/** Reads `2026-12-31` as the first instant after that day in UTC, epoch milliseconds. The day must exist. */
export function parseExpiry(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== text) return undefined;
  return midnight + DAY_MS;
}
