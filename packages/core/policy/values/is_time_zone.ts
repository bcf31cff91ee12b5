/** Asking costs a hundred times more than remembering. */
const known = new Set<string>();

/** Whether the text names an IANA time zone, such as `Europe/Paris`. */
export function isTimeZone(text: string): boolean {
  if (known.has(text)) return true;
  // Newer engines take "+01:00" too, which has no summer time: not what people mean by their working hours.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
  } catch {
    return false;
  }
  known.add(text);
  return true;
}
