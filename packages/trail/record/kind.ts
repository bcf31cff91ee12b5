import type { JsonObject } from "./json.ts";
import type { SealedKind } from "./sealed.ts";

/** What is to be known of a kind of record, each beside the type of its data. Data may be anything: it was not looked at. */
export interface Kind {
  /** Where its commitments are, in the order of its fields. */
  readonly commitments: readonly CommitmentField[];
  /** The field that says which person did it; absent: it names none. */
  readonly person?: string;
  /** Whether it lets an email leave, which is open until a record of the same receipt settles it. */
  readonly opens?: Is;
  /** Whether it tells what became of an intent. */
  readonly settles?: Is;
  /** Whether an intent's email certainly never left by it, so that what was claimed for it is given back. */
  readonly releases?: Is;
  /** Whether MultiMail has an email by it, which is watched until a record of the same receipt is final. */
  readonly takes?: Is;
  /** Whether nothing more is asked about its email. */
  readonly ends?: Is;
}

type Is = (data: JsonObject) => boolean;

/** A member of `data`, of an object in it, or of each item of a list in it; and of what kind its value can be. */
export type CommitmentField = readonly [list: string | null, field: string, kinds: readonly SealedKind[]];

/** Who did it, and why. */
export const WHO_AND_WHY: readonly CommitmentField[] = [
  [null, "by", ["text", "address"]],
  [null, "reason", ["text"]],
];
