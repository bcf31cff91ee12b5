/** The beginning of a day (`2026-11-28`) in UTC, or of so many days after it, in epoch milliseconds; undefined: it is none. */
export function dayOf(text: string, after: number): number | undefined {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? undefined : at + after * 86_400_000;
}
