import type { EntryFrame } from "./frame.ts";
import type { JsonObject } from "./json.ts";
import type { Commitment, SealedKind } from "./sealed.ts";
import type { Shape } from "./shape.ts";

/**
 * What is to be known of a kind of record, each beside the type of its data. What others rely on takes any data, which was
 * not looked at; words for people take the kind's own.
 */
export interface Kind<Data> {
  /** What it says in a few words, without when and who; `members`: its kind, and everything in it that is not null. */
  readonly words: "members" | ((data: Data, record: Pick<EntryFrame, "policy">) => string);
  /** What is shown of it to whoever looks at it; `members`: everything in it that is not null. */
  readonly shown: "members" | ((data: Data, options: ShownOptions) => Shown);
  /** Whether it is what its words rely on: else it is shown as it is, and said to be unreadable. */
  readonly shape: Shape;
  /** Whether every export shows it, whatever its filter says: without it others cannot be verified, and no email is in it. */
  readonly shared: boolean | ((record: Pick<EntryFrame, "team">) => boolean);
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

/** What a record is shown with. */
export interface ShownOptions {
  /** Values behind commitments; what is absent was erased. */
  readonly values: ReadonlyMap<Commitment, string>;
  /** The policy's text at a place that decided. */
  readonly lineAt: (where: string) => string | undefined;
  /** Bodies are among the values. */
  readonly hasBodies?: boolean;
}

/** A record for people. */
export interface Shown {
  readonly facts: readonly Fact[];
  /** What decided, and why. */
  readonly reasons?: readonly Reason[];
  /** Text of an email. */
  readonly body?: string;
}

/** Something about a record, by name. */
export type Fact = readonly [name: string, value: string];

/** Something that decided: its effect, what it says, and lines that say more. */
export type Reason = readonly [effect: string, text: string, ...more: string[]];

/** A member of `data`, of an object in it, or of each item of a list in it; and of what kind its value can be. */
export type CommitmentField = readonly [list: string | null, field: string, kinds: readonly SealedKind[]];

/** Who did it, and why. */
export const WHO_AND_WHY: readonly CommitmentField[] = [
  [null, "by", ["text", "address"]],
  [null, "reason", ["text"]],
];
