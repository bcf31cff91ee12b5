import type { EntryFrame, EntryOf } from "./frame.ts";
import { type Kind, WHO_AND_WHY } from "./kind.ts";
import { type Commitment, Sealer } from "./sealed.ts";
import { objectOf, TEXT } from "./shape.ts";

/** `data` of an `access` record: somebody asked for bodies, of the record's receipt or for an export, and got them or not. */
export type AccessData = {
  readonly result: "granted" | "refused";
  readonly asked: "bodies" | "bodies_and_attachments" | "export";
  /** Where they asked. */
  readonly over: "cli" | "console";
  /** Who, and why they say they need it. */
  readonly by: Commitment;
  readonly reason: Commitment;
};

/** Builds the record that somebody asked for bodies; `by` and `reason` as text. */
export function accessEntry(
  { result, asked, over, by, reason }: AccessData,
  { at, team, assistant, receipt }: Omit<EntryFrame, "policy">,
): EntryOf<"access", AccessData> {
  const sealer = new Sealer();
  const who = { by: sealer.seal("text", by), reason: sealer.seal("text", reason) };
  const data = { result, asked, over, ...who };
  return { kind: "access", at, team, assistant, receipt, policy: null, data, sealed: sealer.values };
}

/** An `access`'s words for people and commitments, and what it means to others. */
export const ACCESS: Kind<AccessData> = {
  words: ({ result, asked }) => `access ${result}: ${asked.replaceAll("_", " ")}`,
  shown: "members",
  shape: objectOf({ result: TEXT, asked: TEXT }),
  shared: false,
  commitments: WHO_AND_WHY,
  person: "by",
};
