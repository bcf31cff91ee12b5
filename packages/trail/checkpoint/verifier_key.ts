import type { KeyObject } from "node:crypto";

/** A public key by which signatures of notes are verified (https://c2sp.org/signed-note). */
export interface VerifierKey {
  readonly name: string;
  /** 8 hexadecimal digits. */
  readonly id: string;
  /**
   * `ed25519` (type 0x01) signs a note's text. `cosignature` (type 0x04) is a witness', which signs it with the time
   * (https://c2sp.org/tlog-cosignature).
   */
  readonly type: "ed25519" | "cosignature";
  /** Ed25519. */
  readonly key: KeyObject;
  /** The whole key as people hand it on: `<name>+<id>+<base64>`. */
  readonly text: string;
}
