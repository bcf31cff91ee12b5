import { randomBytes } from "node:crypto";
import { commitmentOf } from "./commitment_of.ts";
import type { Sealed, SealedKind } from "./sealed.ts";

/** Commits to a value under a fresh salt of 32 random bytes: sealed twice, it has two commitments that nobody can link. */
export function seal(value: string, kind: SealedKind): Sealed {
  const salt = randomBytes(32);
  return { commitment: commitmentOf(salt, kind, value), salt, kind, value };
}
