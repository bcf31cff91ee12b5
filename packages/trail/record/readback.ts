import type { EntryFrame, EntryOf } from "./frame.ts";
import type { Kind } from "./kind.ts";
import { FLAG, listOf, objectOf, TEXT } from "./shape.ts";

/** `data` of a `readback` record: the email as MultiMail holds it, compared with what was authorised. */
export type ReadbackData = {
  /** MultiMail's email id. */
  readonly email: string;
  /** MultiMail's id of the mailbox. */
  readonly mailbox: string;
  /** Whether it waited at MultiMail, or had left. */
  readonly phase: "held" | "left";
  readonly match: boolean;
  /** Names of what differs: `to`, `cc`, `bcc`, `subject`, `body`, `attachments`, `copies`, `approval`. Never values. */
  readonly differences: readonly string[];
  /** Names of what could not be compared: MultiMail does not show it, or it was erased here. */
  readonly unchecked: readonly string[];
};

/** Builds the record of how the email of an intent compared; `at` in epoch milliseconds. */
export function readbackEntry(
  { team, assistant, receipt, policy }: Omit<EntryFrame, "at">,
  at: number,
  data: ReadbackData,
): EntryOf<"readback", ReadbackData> {
  return { kind: "readback", at, team, assistant, receipt, policy, data };
}

/** A `readback`'s words for people and commitments, and what it means to others. */
export const READBACK: Kind<ReadbackData> = {
  words: ({ phase, match, differences }) =>
    `readback ${phase} ${match ? "as authorised" : `DIFFERS in ${differences.join(", ")}`}`,
  shown: "members",
  shape: objectOf({ phase: TEXT, match: FLAG, differences: listOf(TEXT) }),
  shared: false,
  commitments: [],
};
