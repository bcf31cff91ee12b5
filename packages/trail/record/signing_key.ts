import { type EntryOf, NOBODY } from "./frame.ts";

/** `data` of a `key` record about a key that signs checkpoints, made before its first checkpoint. */
export type SigningKeyData = {
  readonly change: "signing";
  /** C2SP verifier key: `<name>+<key id>+<base64>`. */
  readonly verifier: string;
  /** The key that signed before it, as `<name>+<key id>`; null: it is the trail's first. */
  readonly previous: string | null;
  /** A signed note, by which the previous key names this one its successor (`vouchText`); null: it was not at hand. */
  readonly vouch: string | null;
};

/** Builds the record of a key that is about to sign for the first time; `at` in epoch milliseconds. */
export function signingKeyEntry(
  data: Omit<SigningKeyData, "change">,
  at: number,
): EntryOf<"key", SigningKeyData> {
  return { kind: "key", at, ...NOBODY, policy: null, data: { change: "signing", ...data } };
}
