const MAX_LENGTH = 500;

/** Makes text from outside fit for an error: one line, at most 500 characters, without control characters or `secret`. */
export function cleanText(text: string, secret: string): string {
  // In this order: a secret that is split by a control character, or by the bound, must not survive.
  const line = text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, "").replaceAll(secret, "[key]");
  // The bound may cut a character in two.
  return line
    .slice(0, MAX_LENGTH)
    .replaceAll(/\p{Surrogate}/gu, "")
    .trim();
}
