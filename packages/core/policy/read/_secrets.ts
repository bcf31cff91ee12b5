/** Keys of MultiMail, of assistants and of webhooks, by their prefixes. */
const SECRET = /(?<![A-Za-z0-9])(?:mm_(?:live|test)_|csk_|whsec_)[A-Za-z0-9_+/=-]{6,}/g;

/** What to say about a key in a policy. It is never shown, and must be replaced: the file has been seen by others. */
export const SECRET_MESSAGE =
  "Remove this key and revoke it: a policy names the variable that holds a key (api_key_env) or a key's hash (keys), never a key";

/** More are not listed one by one. */
const MAX_FOUND = 20;

/** Offsets of the first things in the text that look like a key. */
export function findSecrets(text: string): readonly number[] {
  const found: number[] = [];
  for (const { index } of text.matchAll(SECRET)) {
    found.push(index);
    if (found.length === MAX_FOUND) break;
  }
  return found;
}

/** The text with every key blanked, as long as before, so that no message can repeat one. */
export function redactSecrets(text: string): string {
  return text.replace(SECRET, (secret) => "x".repeat(secret.length));
}
