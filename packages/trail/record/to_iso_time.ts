const MIN = Date.parse("0000-01-01T00:00:00.000Z");
const MAX = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Epoch milliseconds as ISO 8601 in UTC with milliseconds, of one length, so that order of text is order of time.
 *
 * @throws {RangeError} outside of the years 0 to 9999
 */
export function toIsoTime(ms: number): string {
  if (!(ms >= MIN && ms <= MAX)) throw new RangeError(`Cannot write ${ms} as a time of the years 0 to 9999`);
  if (last?.ms !== ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}

/** Of many records of one millisecond it is written once. */
let last: { readonly ms: number; readonly text: string } | undefined;
