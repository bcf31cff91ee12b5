const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Nothing is remembered for longer. */
const MAX_MS = 30 * 86_400_000;

/** Reads `30m`, `24h` or `7d`, up to 30 days, as milliseconds. */
export function parseDuration(text: string): number | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS_MS[unit] ?? 0);
  return ms > 0 && ms <= MAX_MS ? ms : undefined;
}
