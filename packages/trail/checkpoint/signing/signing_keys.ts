import type { KeyObject } from "node:crypto";

/** The private keys that are at hand. */
export interface SigningKeys {
  /** Ed25519; signs. */
  readonly key: KeyObject;
  /** The key that signed before, if it is still at hand: it vouches for the new one, once. */
  readonly previous?: KeyObject;
  /** Removes the previous key, which is needed no more. */
  readonly retire?: () => Promise<void>;
}
