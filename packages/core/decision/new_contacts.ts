import type { Context } from "./context.ts";
import type { JudgedRecipient } from "./decision.ts";

/** Indices of the recipients whom the team neither wrote to nor heard from before, as far as the context knows. */
export function newContacts(
  recipients: readonly JudgedRecipient[],
  { knownContacts }: Context,
): readonly number[] {
  return recipients.flatMap(({ parsed }, index) =>
    parsed.ok && !knownContacts?.has(parsed.address.base) ? [index] : [],
  );
}
