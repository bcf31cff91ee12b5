/** Windows of limits, as policies write them: `20/day`. */
export type LimitWindow = "minute" | "hour" | "day" | "week";

/** How long each window is, in milliseconds. */
const WINDOWS_MS: Readonly<Record<LimitWindow, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
};

/** What policies call a window of so many milliseconds; undefined: they have none. */
export function windowName(ms: number): LimitWindow | undefined {
  const found = Object.entries(WINDOWS_MS).find(([, windowMs]) => windowMs === ms);
  return found?.[0] as LimitWindow | undefined;
}

/** So many in any rolling window. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

/** Reads `20/day`: 1 to 1,000,000 a minute, an hour, a day or a week. */
export function parseRate(text: string): Rate | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,5}|1000000)\/(minute|hour|day|week)$/.exec(text) ?? [];
  const windowMs = WINDOWS_MS[unit as LimitWindow] as number | undefined;
  return windowMs === undefined ? undefined : { count: Number(count), windowMs };
}

const UNITS: Readonly<Record<string, number>> = { KB: 1000, MB: 1_000_000 };

/** Larger email is refused nearly everywhere. */
const MAX_BYTES = 50_000_000;

/** Reads `500KB` or `5MB`, up to 50MB, as bytes; a megabyte is 1,000,000 bytes. */
export function parseSize(text: string): number | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})(KB|MB)$/.exec(text) ?? [];
  const bytes = Number(count) * (UNITS[unit] ?? 0);
  return bytes > 0 && bytes <= MAX_BYTES ? bytes : undefined;
}
