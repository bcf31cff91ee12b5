import type { VerifierKey } from "./verifier_key.ts";

/** C2SP's byte for each type of key. */
export const KEY_TYPES: Readonly<Record<VerifierKey["type"], number>> = { ed25519: 1, cosignature: 4 };
