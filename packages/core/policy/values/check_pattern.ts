import { RE2JS } from "re2js";

const MAX_LENGTH = 1000;

/** What is wrong with a pattern in RE2 syntax; nothing when it is good. */
export function checkPattern(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return `Pattern must not be longer than ${MAX_LENGTH} characters`;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace("error parsing regexp: ", "") : String(error);
    return `Pattern must be in RE2 syntax, without look-around and back references: ${reason.slice(0, 200)}`;
  }
  if (compiled.matcher("").find()) return "Pattern matches the empty text, so it would stop every email";
  return undefined;
}
