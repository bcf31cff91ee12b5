import { parseAddress } from "../address/mod.ts";
import type { Recipient, RecipientField } from "./action.ts";

/** Parses each named recipient once. Text that is no address stays, marked as such: a rule denies it on record. */
export function parseRecipients(
  named: Readonly<Partial<Record<RecipientField, readonly string[] | undefined>>>,
): readonly Recipient[] {
  return (["to", "cc", "bcc"] as const).flatMap((field) =>
    (named[field] ?? []).map((text) => ({ field, text, parsed: parseAddress(text) })),
  );
}
