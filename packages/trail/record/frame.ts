import type { RecordKind } from "./record_kind.ts";
import type { Sealed } from "./sealed.ts";

/** What a record of any kind has. */
export interface RecordFrame {
  /** Position in the trail and index of the leaf, from 0. */
  readonly seq: number;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  readonly team: string | null;
  readonly assistant: string | null;
  readonly receipt: string | null;
  /** Hash of the linked policies in force. */
  readonly policy: string | null;
}

/** What an entry of any kind has. */
export interface EntryFrame extends Omit<RecordFrame, "seq" | "at"> {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Of what nobody's assistant asked for, and what no email is about. */
export const NOBODY = { team: null, assistant: null, receipt: null } as const;

/** An entry of one kind. What it opens, settles, releases, watches or ends follows from its kind and data. */
export interface EntryOf<Kind extends RecordKind, Data> extends EntryFrame {
  readonly kind: Kind;
  readonly data: Data;
  /** The values behind the commitments in `data`: behind every one that `namedCommitments` knows of. */
  readonly sealed?: readonly Sealed[];
  /** For a `checkpoint`: the C2SP signed note that was signed. */
  readonly note?: string;
  /** Policy files to keep, once each, by hash. */
  readonly policyTexts?: readonly { readonly hash: string; readonly text: string }[];
}
