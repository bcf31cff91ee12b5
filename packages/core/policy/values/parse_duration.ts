const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const DAY_MS = 86_400_000;

/** Reads `30m`, `24h` or `7d`, up to so many days (default 30: nothing is remembered for longer), as milliseconds. */
export function parseDuration(text: string, maxDays = 30): number | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS_MS[unit] ?? 0);
  return ms > 0 && ms <= maxDays * DAY_MS ? ms : undefined;
}
