import type { Kind } from "./kind.ts";

/** `data` of a `checkpoint` record: a tree head was signed, and the note that says so lies beside the record. */
export type CheckpointData = {
  /** The first line of the checkpoint. */
  readonly origin: string;
  /** How many records the tree had that was signed: at most the record's own `seq`. */
  readonly size: number;
  /** Root of that tree; 64 hexadecimal digits. */
  readonly root: string;
  /** Who signed: `<name>+<key id>`, the key id as 8 hexadecimal digits (C2SP signed-note). */
  readonly key: string;
  /** SHA-256 of the note as it was signed first, hexadecimal; signatures that are added later come behind it. */
  readonly note: string;
};

/** A `checkpoint`'s commitments, and what it means to others. */
export const CHECKPOINT: Kind = { commitments: [] };
