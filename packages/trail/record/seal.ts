import { randomBytes } from "node:crypto";
import { commitmentOf } from "./commitment_of.ts";
import type { Sealed, SealedKind } from "./sealed.ts";

/**
 * Commits to a value under a fresh salt of 32 random bytes: sealed twice, it has two commitments that nobody can link.
 * Half a surrogate pair, which has no UTF-8, becomes U+FFFD in what is kept, as it does in what is committed to: whatever
 * a store makes of it, the value that comes back is the one that was sealed.
 */
export function seal(text: string, kind: SealedKind): Sealed {
  const salt = randomBytes(32);
  const value = text.toWellFormed();
  return { commitment: commitmentOf(salt, kind, value), salt, kind, value };
}
