import type { SealedRow } from "../store/trail_source.ts";

/** What a line is; undefined: nothing that is wanted. */
export type ReadLine = (line: string) => Piece | undefined;

/** What is read from an export, in the order in which it lies there. */
export type Piece =
  | { readonly is: "header"; readonly value: unknown }
  | { readonly is: "checkpoint"; readonly seq: number; readonly note: string }
  | { readonly is: "policy"; readonly hash: string; readonly text: string }
  /** Leaf hashes of the records from `from` on, 32 bytes each. */
  | { readonly is: "leaves"; readonly from: number; readonly hashes: Uint8Array }
  | { readonly is: "leaf"; readonly hash: Uint8Array }
  | { readonly is: "value"; readonly row: SealedRow }
  | { readonly is: "record"; readonly json: string }
  /** The export as a whole is not as it was written; said if nothing else is wrong. */
  | { readonly is: "broken"; readonly message: string }
  /** The end of a JSONL export: SHA-256 that everything before it has to have. */
  | { readonly is: "end"; readonly sha256: string }
  /** Something is not as an export has it. */
  | { readonly is: "wrong"; readonly message: string };
