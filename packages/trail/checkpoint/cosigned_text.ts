/** What a witness signs of a note's text, at a time in seconds since 1970 (https://c2sp.org/tlog-cosignature). */
export function cosignedText(text: string, time: bigint): string {
  return `cosignature/v1\ntime ${time}\n${text}`;
}
