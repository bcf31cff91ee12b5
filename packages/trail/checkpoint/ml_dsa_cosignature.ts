import { createRequire } from "node:module";
import type { TreeHead } from "../tree/tree_head.ts";

/** Who cosigns, and when. */
export interface CosignedBy {
  /** Name of the cosigner's key. */
  readonly cosigner: string;
  /** In seconds since 1970. */
  readonly time: bigint;
}

/**
 * What a witness signs with ML-DSA-44 of a checkpoint: `cosigned_message` of https://c2sp.org/tlog-cosignature. Extension
 * lines are not in it. Undefined: a name is too long for one.
 */
export function cosignedMessage(
  { origin, size, root }: TreeHead & { readonly origin: string },
  { cosigner, time }: CosignedBy,
): Uint8Array | undefined {
  const names = [cosigner, origin].map((name) => Buffer.from(name));
  if (names.some(({ length }) => length === 0 || length > 255)) return undefined;
  const [by, of] = names.map((name) => Buffer.concat([Buffer.of(name.length), name])) as [Buffer, Buffer];
  // A checkpoint is the subtree that begins at 0.
  return Buffer.concat([Buffer.from("subtree/v1\n\0"), by, u64(time), of, u64(0n), u64(BigInt(size)), root]);
}

/** Whether this is a valid signature by ML-DSA-44 (FIPS 204), with an empty context. Total for lengths that are right. */
export function verifyMlDsa(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  // Few have such a witness, and all that start would wait for it: Node's own is in no Node that is supported throughout.
  library ??= createRequire(import.meta.url)("@noble/post-quantum/ml-dsa.js") as Library;
  return library.ml_dsa44.verify(signature, message, publicKey);
}

type Library = typeof import("@noble/post-quantum/ml-dsa.js");
let library: Library | undefined;

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
