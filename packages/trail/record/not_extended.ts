import { type EntryFrame, type EntryOf, NOBODY } from "./frame.ts";

/** `data` of a `refused` record about a trail that is not the one that was signed: it is not signed any more. */
export type NotExtendedData = {
  readonly refused: readonly [
    { readonly door: "checkpoint"; readonly code: "trail_not_extended"; readonly count: 1 },
  ];
  /** Why, in a sentence. */
  readonly message: string;
};

/** Builds the record that the trail does not extend what was signed. */
export function notExtendedEntry(
  message: string,
  { at, policy }: Pick<EntryFrame, "at" | "policy">,
): EntryOf<"refused", NotExtendedData> {
  const refused = [{ door: "checkpoint", code: "trail_not_extended", count: 1 }] as const;
  return { kind: "refused", at, ...NOBODY, policy, data: { refused, message } };
}
