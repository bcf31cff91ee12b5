import { keyPrefix } from "@countersign/core/key-prefix";
import type { EntryFrame, EntryOf } from "./frame.ts";
import type { Kind } from "./kind.ts";
import { type Commitment, Sealer } from "./sealed.ts";
import { listOf, maybe, objectOf, TEXT } from "./shape.ts";
import type { SigningKeyData } from "./signing_key.ts";

/** `data` of a `key` record about keys by which an assistant calls. */
export type KeyChangeData = {
  readonly change: "added" | "revoked";
  /** `sha256:…` */
  readonly hashes: readonly string[];
  readonly by: "cli";
  /** Who did it. */
  readonly person: Commitment;
};

/** Builds the record of what the command did to an assistant's keys; `person` as text. */
export function keyChangeEntry(
  { change, hashes, person }: Omit<KeyChangeData, "by">,
  { at, team, assistant, policy }: Omit<EntryFrame, "receipt">,
): EntryOf<"key", KeyChangeData> {
  const sealer = new Sealer();
  const data: KeyChangeData = { change, hashes, by: "cli", person: sealer.seal("text", person) };
  return { kind: "key", at, team, assistant, receipt: null, policy, data, sealed: sealer.values };
}

/** A `key`'s words for people and commitments, and what it means to others. */
export const KEY: Kind<KeyChangeData | SigningKeyData> = {
  words: (data) =>
    data.change === "signing"
      ? `key signing ${String(data.verifier).replace(/\+[^+]*$/, "")}${data.vouch === null ? "" : ", vouched for by the one before"}`
      : `key ${String(data.change)} ${[data.hashes].flat().map(String).map(keyPrefix).join(" ")}`,
  shown: "members",
  shape: objectOf({ change: TEXT, verifier: maybe(TEXT), vouch: maybe(TEXT), hashes: maybe(listOf(TEXT)) }),
  // Of the gateway's own signing key.
  shared: ({ team }) => team === null,
  commitments: [[null, "person", ["text"]]],
  person: "person",
};
