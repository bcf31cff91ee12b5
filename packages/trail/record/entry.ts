import type { RecordData, RecordFrame } from "./record.ts";
import type { RecordKind } from "./record_kind.ts";
import type { Sealed } from "./sealed.ts";

/** What a caller wants recorded, of one of these kinds. `seq` is filled in when it is appended. */
export type TrailEntry<Kind extends RecordKind = RecordKind> = {
  readonly [Each in Kind]: EntryOf<Each>;
}[Kind];

/** An entry of one kind. What it opens, settles, releases, watches or ends follows from its kind and data. */
export interface EntryOf<Kind extends RecordKind> extends Omit<RecordFrame, "seq" | "at"> {
  readonly kind: Kind;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly data: RecordData[Kind];
  /** The values behind the commitments in `data`: behind every one that `namedCommitments` knows of. */
  readonly sealed?: readonly Sealed[];
  /** For a `checkpoint`: the C2SP signed note that was signed. */
  readonly note?: string;
  /** Policy files to keep, once each, by hash. */
  readonly policyTexts?: readonly { readonly hash: string; readonly text: string }[];
}
