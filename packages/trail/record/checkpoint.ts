import { hash } from "node:crypto";
import { type EntryOf, NOBODY } from "./frame.ts";
import type { Kind } from "./kind.ts";
import { COUNT, objectOf, TEXT } from "./shape.ts";

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

/** Builds the record that a tree head was signed, with the note that says so; `at` in epoch milliseconds. */
export function checkpointEntry(
  signed: Omit<CheckpointData, "note">,
  { at, note }: { readonly at: number; readonly note: string },
): EntryOf<"checkpoint", CheckpointData> {
  const data: CheckpointData = { ...signed, note: hash("sha256", note) };
  return { kind: "checkpoint", at, ...NOBODY, policy: null, data, note };
}

/** A `checkpoint`'s words for people and commitments, and what it means to others. */
export const CHECKPOINT: Kind<CheckpointData> = {
  words: ({ size, key }) => `checkpoint of ${size} records, signed by ${key}`,
  shown: "members",
  shape: objectOf({ size: COUNT, key: TEXT }),
  shared: true,
  commitments: [],
};
