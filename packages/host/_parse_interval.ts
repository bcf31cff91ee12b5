/** Milliseconds of `60s`, `5m` or `1h`, from a second to a day; undefined: it is none. */
export function parseInterval(text: string): number | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? Number.NaN);
  return ms >= 1_000 && ms <= 86_400_000 ? ms : undefined;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
