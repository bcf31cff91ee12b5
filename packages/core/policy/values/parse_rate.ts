const WINDOWS_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** So many in any rolling window. */
export interface Rate {
  readonly count: number;
  readonly windowMs: number;
}

/** Reads `20/day`: 1 to 1,000,000 a minute, an hour or a day. */
export function parseRate(text: string): Rate | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,5}|1000000)\/(minute|hour|day)$/.exec(text) ?? [];
  const windowMs = WINDOWS_MS[unit];
  return windowMs === undefined ? undefined : { count: Number(count), windowMs };
}
