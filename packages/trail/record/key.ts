import type { Kind } from "./kind.ts";
import type { Commitment } from "./sealed.ts";

/** `data` of a `key` record about a key that signs checkpoints, made before its first checkpoint. */
export type SigningKeyData = {
  readonly change: "signing";
  /** C2SP verifier key: `<name>+<key id>+<base64>`. */
  readonly verifier: string;
  /** The key that signed before it, as `<name>+<key id>`; null: it is the trail's first. */
  readonly previous: string | null;
  /** A signed note, by which the previous key names this one its successor (`vouchText`); null: it was not at hand. */
  readonly vouch: string | null;
};

/** `data` of a `key` record about keys by which an assistant calls. */
export type KeyChangeData = {
  readonly change: "added" | "revoked";
  /** `sha256:…` */
  readonly hashes: readonly string[];
  readonly by: "cli";
  /** Who did it. */
  readonly person: Commitment;
};

/** A `key`'s commitments, and what it means to others. */
export const KEY: Kind = { commitments: [[null, "person", ["text"]]], person: "person" };
