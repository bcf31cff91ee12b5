const UNITS: Readonly<Record<string, number>> = { KB: 1000, MB: 1_000_000 };

/** Larger email is refused nearly everywhere. */
const MAX_BYTES = 50_000_000;

/** Reads `500KB` or `5MB`, up to 50MB, as bytes; a megabyte is 1,000,000 bytes. */
export function parseSize(text: string): number | undefined {
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})(KB|MB)$/.exec(text) ?? [];
  const bytes = Number(count) * (UNITS[unit] ?? 0);
  return bytes > 0 && bytes <= MAX_BYTES ? bytes : undefined;
}
