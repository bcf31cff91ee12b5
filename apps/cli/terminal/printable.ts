/**
 * Text from outside, safe for a terminal: control characters, line breaks and characters that change the order of others
 * become `?`, and of what looks like a key only its beginning is left.
 */
export function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "?")
    .replace(/\b(csk_|mm_live_|mm_test_|whsec_)[\w-]{8,}/g, "$1…");
}
