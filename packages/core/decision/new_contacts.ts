import type { JudgedRecipient } from "./decision.ts";

/** Indices of the recipients who are not among the known (`Address.base`); absent: nobody is known. */
export function newContacts(
  recipients: readonly JudgedRecipient[],
  known: ReadonlySet<string> | undefined,
): readonly number[] {
  return recipients.flatMap(({ parsed }, index) =>
    parsed.ok && !known?.has(parsed.address.base) ? [index] : [],
  );
}
