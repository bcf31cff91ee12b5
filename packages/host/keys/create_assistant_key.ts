import { hash, randomBytes } from "node:crypto";

/** A new key, to be shown once, and its hash, to be kept. */
export interface AssistantKey {
  /** `csk_` and 32 random bytes in base64url. */
  readonly key: string;
  /** As policies hold it: `sha256:…`. */
  readonly hash: string;
}

/** Makes a key for an assistant. */
export function createAssistantKey(): AssistantKey {
  const key = `csk_${randomBytes(32).toString("base64url")}`;
  return { key, hash: hashAssistantKey(key) };
}

/** What policies hold of an assistant's key: `sha256:` and the SHA-256 of the whole key (`csk_…`) in hexadecimal. */
export function hashAssistantKey(key: string): string {
  return `sha256:${hash("sha256", key)}`;
}
