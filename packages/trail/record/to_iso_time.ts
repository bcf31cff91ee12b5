const MIN = Date.parse("0000-01-01T00:00:00.000Z");
const MAX = Date.parse("9999-12-31T23:59:59.999Z");
const MINUTE_MS = 60_000;

/** How times of a minute end: second and full stop, milliseconds and `Z`. */
const SECONDS: readonly string[] = Array.from({ length: 60 }, (_, s) => `${String(s).padStart(2, "0")}.`);
const MILLISECONDS: readonly string[] = Array.from(
  { length: 1000 },
  (_, ms) => `${String(ms).padStart(3, "0")}Z`,
);

/**
 * Epoch milliseconds as ISO 8601 in UTC with milliseconds, of one length, so that order of text is order of time.
 *
 * @throws {RangeError} outside of the years 0 to 9999
 */
export function toIsoTime(ms: number): string {
  if (!(ms >= MIN && ms <= MAX)) throw new RangeError(`Cannot write ${ms} as a time of the years 0 to 9999`);
  const whole = Math.trunc(ms);
  const minute = Math.floor(whole / MINUTE_MS);
  if (last?.minute !== minute) {
    const text = new Date(minute * MINUTE_MS).toISOString();
    last = { minute, text: text.slice(0, "0000-00-00T00:00:".length) };
  }
  const rest = whole - minute * MINUTE_MS;
  return `${last.text}${SECONDS[Math.floor(rest / 1000)]}${MILLISECONDS[rest % 1000]}`;
}

/** Many records are of one minute, which is written once. */
let last: { readonly minute: number; readonly text: string } | undefined;
