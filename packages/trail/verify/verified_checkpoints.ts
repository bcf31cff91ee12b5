/** What the checkpoints of a trail are worth. */
export interface VerifiedCheckpoints {
  /** How many are signed by a key that counts. */
  readonly count: number;
  /** Of the largest tree that such a key signed: records from here on are signed by nobody yet. */
  readonly size: number;
  /** The keys that the trail names, in order. */
  readonly keys: readonly VerifiedKey[];
  /** The witnesses that were asked for. */
  readonly witnesses: readonly VerifiedWitness[];
}

/** A key that signs a trail's checkpoints. */
export interface VerifiedKey {
  /** C2SP verifier key. */
  readonly verifier: string;
  /** The record that names it. */
  readonly since: number;
  /** `<name>+<key id>` of the key before it; null: it is the first. */
  readonly previous: string | null;
  /** The previous key named it its successor. */
  readonly vouched: boolean;
  /** It was trusted from outside, or a key that counts vouches for it; without any from outside, every key counts. */
  readonly counts: boolean;
  /** How many checkpoints it signed. */
  readonly checkpoints: number;
}

/** A witness and what it cosigned. */
export interface VerifiedWitness {
  /** C2SP verifier key. */
  readonly verifier: string;
  readonly checkpoints: number;
  /** Of the largest tree that it cosigned. */
  readonly size: number;
}
