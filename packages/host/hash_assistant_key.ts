import { createHash } from "node:crypto";

/** What policies hold of an assistant's key: `sha256:` and the SHA-256 of the whole key (`csk_…`) in hexadecimal. */
export function hashAssistantKey(key: string): string {
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}
