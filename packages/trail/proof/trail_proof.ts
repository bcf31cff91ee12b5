/** Proof that records are in a trail (`docs/verifying.md`): what `audit prove` writes. */
export interface TrailProof {
  readonly format: "countersign-proof@v1";
  /** Of the tree. */
  readonly size: number;
  /** 64 hexadecimal digits, as all hashes here. */
  readonly root: string;
  /** The signed note of that tree; null: none covers the records yet. */
  readonly checkpoint: string | null;
  /** Verifier keys that the trail names. Better have them from elsewhere. */
  readonly keys: readonly string[];
  /** Signed notes by which keys name their successors, in the trail's order. */
  readonly vouches?: readonly string[];
  readonly records: readonly ProvedRecord[];
}

/** A record and its way to the root. */
export interface ProvedRecord {
  /** The canonical JSON that is hashed. */
  readonly record: string;
  /** Its `seq`. */
  readonly index: number;
  /** RFC 6962 inclusion proof, from the leaf's neighbour up. */
  readonly path: readonly string[];
}
