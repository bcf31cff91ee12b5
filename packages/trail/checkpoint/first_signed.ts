import { createHash } from "node:crypto";
import { formatNote, formatSignature, type Note } from "./note.ts";

/**
 * The note as it was signed first: with as many of its first signatures as make it hash to `digest`, the hexadecimal
 * SHA-256 in its record. Undefined: none do.
 */
export function firstSigned({ text, signatures }: Note, digest: string): Note | undefined {
  const hash = createHash("sha256").update(formatNote({ text, signatures: [] }));
  for (const [index, signature] of signatures.entries()) {
    hash.update(formatSignature(signature));
    if (hash.copy().digest("hex") === digest) return { text, signatures: signatures.slice(0, index + 1) };
  }
  return undefined;
}
