import type { SealedKind } from "../record/sealed.ts";
import type { TreeHead } from "../tree/tree_head.ts";
import type { StoredCheckpoint, StoredRecord } from "./stored.ts";
import type { TrailProblem } from "./trail_problem.ts";

/** Where a trail is read to be verified: a store, or an export that has less of it. */
export interface TrailSource {
  /** Which part of the trail the pages hold; absent: the whole. */
  readonly stretch?: TrailStretch;
  /** Of which kinds sealed values are in the pages; absent: of all. Others may be absent. */
  readonly sealedKinds?: readonly SealedKind[];
  /** What an export says of itself; absent: this is a store. */
  readonly declared?: Declared;
  /** The whole trail in order, in pages that each were read in one moment. */
  pages(): AsyncIterable<TrailPage>;
  /** The erasures on record from `fromSeq` on; without it they are looked for in the pages, which are read again. */
  records?(filter: {
    readonly kind: "erasure";
    readonly fromSeq: number;
  }): AsyncIterable<Pick<StoredRecord, "record" | "json">>;
}

/** What an export says of itself, with which its records have to agree. */
export interface Declared {
  /** Name of the trail. */
  readonly origin: string;
  /** ISO 8601: when it was made. */
  readonly at: string;
  /** `seq` of the `export` record that says the same. */
  readonly record: number;
  /** ISO 8601; null: from the first record, to the last. */
  readonly since: string | null;
  readonly until: string | null;
  /** Which records are shown; without any text in it, all. */
  readonly filter: { readonly [name: string]: string | null | undefined };
  readonly values: readonly SealedKind[];
  /** Verifier keys of those who sign, as the trail names them. */
  readonly keys: readonly string[];
  /** Signed notes by which keys name their successors, in the trail's order. */
  readonly vouches?: readonly string[];
}

/** Records [from, to), and how the rest of the tree hashes, so that its root can be recomputed without the rest. */
export interface TrailStretch {
  readonly from: number;
  readonly to: number;
  /** Roots of the complete subtrees that the leaves before `from` consist of, the largest first. */
  readonly left: readonly Uint8Array[];
  /** Roots of the complete subtrees that the leaves from `to` on consist of, in their order. */
  readonly right: readonly Uint8Array[];
}

/** A part of a trail exactly as it is kept, with what belongs to its records. What is left out cannot be verified. */
export interface TrailPage {
  /** The head of the whole trail in the moment of reading. */
  readonly head: TreeHead;
  readonly rows: readonly TrailRow[];
  /** Roots of the complete subtrees that these rows completed, of the levels that are stored. */
  readonly nodes?: readonly { readonly level: number; readonly index: number; readonly hash: Uint8Array }[];
  readonly sealed?: readonly SealedRow[];
  /** Under what the records are found: their recipients' `Address.base`. */
  readonly recipients?: readonly IndexRow[];
  readonly rules?: readonly IndexRow[];
  /** What the source found wrong itself. */
  readonly problems?: readonly TrailProblem[];
  /** The notes beside the `checkpoint` records among these rows; with the last page, all that are left. */
  readonly checkpoints?: readonly StoredCheckpoint[];
  /** With the last page, and only with it. */
  readonly end?: TrailEnd;
}

/** A record as it is kept, whatever it is. */
export interface TrailRow {
  readonly seq: number;
  /** Null: it is withheld, and only its leaf is shown. */
  readonly json: string | null;
  readonly leaf: Uint8Array;
}

/** A sealed value as it is kept. */
export interface SealedRow {
  readonly seq: number;
  readonly commitment: string;
  readonly salt: Uint8Array;
  readonly kind: string;
  /** Null when it cannot be decoded. */
  readonly value: string | null;
}

/** A record and one text under which it is found. */
export interface IndexRow {
  readonly seq: number;
  readonly text: string;
}

/** A receipt in a list, and the record that put it there. */
export interface ListedRow {
  readonly receipt: string;
  readonly seq: number;
}

/** What there is once in a trail. */
export interface TrailEnd {
  /** Hashes of the tree's `Frontier`. */
  readonly frontier?: readonly Uint8Array[];
  readonly openIntents?: readonly ListedRow[];
  readonly watchedEmails?: readonly ListedRow[];
  readonly policyTexts?: readonly { readonly hash: string; readonly text: string }[];
  /** Instead, where the source has compared the texts with their hashes itself. */
  readonly policyHashes?: readonly { readonly hash: string; readonly isSound: boolean }[];
  /** Notes about the whole tree whose records are not among those of the source. */
  readonly covering?: readonly StoredCheckpoint[];
  /** What the source found wrong itself, and what counts only if nothing else says it better. */
  readonly otherwise?: readonly TrailProblem[];
}
