import { type EntryFrame, type EntryOf, NOBODY } from "./frame.ts";
import type { Kind } from "./kind.ts";
import { type Commitment, Sealer } from "./sealed.ts";
import { FLAG, maybe, objectOf, TEXT } from "./shape.ts";

/** `data` of a `policy` record: policies came in force, or were refused and those before them stay. */
export type PolicyData =
  | {
      readonly result: "loaded";
      /** SHA-256 of each file, whose text is kept: of all, or of those that are not as in `since`. */
      readonly files: readonly { readonly name: string; readonly hash: string }[];
      /** Hash of the policies that these differ from, which an earlier record names. Absent: `files` are all. */
      readonly since?: string;
      /** Names of the files in `since` that are no more. Absent: none. */
      readonly gone?: readonly string[];
      /** More files than one record names are on several: with the last of them they are in force. Absent: one has all. */
      readonly part?: number;
      readonly parts?: number;
      /** Hash of the git commit that they come from, in hexadecimal. Absent: they are in no checkout, or nobody looked. */
      readonly commit?: string;
      /** Who made it, as it says. Absent: it does not say. */
      readonly author?: Commitment;
      /** The files were not as the commit has them. Absent: they were. */
      readonly dirty?: true;
    }
  | {
      readonly result: "refused";
      /** How many. */
      readonly problems: number;
      /** Where the first ones are: `finance.yaml:3:1`. */
      readonly places: readonly string[];
      /** What the files no longer have, and is in force no longer either. Absent: nothing. */
      readonly removed?: {
        readonly teams: readonly string[];
        readonly assistants: readonly string[];
        readonly keys: readonly string[];
      };
    };

/**
 * Builds the record that policies came in force, or were refused; `texts` are the files that are not kept yet. Who made the
 * commit that they come from is sealed.
 */
export function policyEntry(
  data: PolicyData,
  { at, policy, texts, commit }: PolicyEntryOptions,
): EntryOf<"policy", PolicyData> {
  const kept = texts && { policyTexts: texts };
  if (commit === undefined || data.result === "refused")
    return { kind: "policy", at, ...NOBODY, policy, data, ...kept };
  const sealer = new Sealer();
  const { id, author, isDirty } = commit;
  const from: PolicyData = {
    ...data,
    commit: id,
    ...(author !== "" && { author: sealer.seal("text", author) }),
    ...(isDirty && { dirty: true }),
  };
  return { kind: "policy", at, ...NOBODY, policy, data: from, ...kept, sealed: sealer.values };
}

/** When, and what comes with the record. */
export interface PolicyEntryOptions extends Pick<EntryFrame, "at" | "policy">, PolicyTexts {
  /** The git commit that the files come from; an empty author: it does not say. */
  readonly commit?: { readonly id: string; readonly author: string; readonly isDirty: boolean } | undefined;
}

/** Files to keep, by the SHA-256 of their text. */
export interface PolicyTexts {
  readonly texts?: readonly { readonly hash: string; readonly text: string }[];
}

/** A `policy`'s words for people and commitments, and what it means to others. */
export const POLICY: Kind<PolicyData> = {
  words: ({ result }, { policy }) => `policy ${String(result)} ${policy?.slice(0, 12) ?? ""}`,
  shown: "members",
  shape: objectOf({ result: TEXT, commit: maybe(TEXT), dirty: maybe(FLAG) }),
  shared: true,
  commitments: [[null, "author", ["text"]]],
};
