import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** A fresh secret of 256 bits, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept of a secret: its SHA-256, base64url. Secrets of 256 bits need no salt. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** What somebody who knows a secret can show for a purpose, without showing the secret; base64url. */
export function tokenFor(secret: string, purpose: string): string {
  return createHmac("sha256", secret).update(purpose).digest("base64url");
}

/** Compares two texts in a time that tells nothing of where they differ. */
export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
