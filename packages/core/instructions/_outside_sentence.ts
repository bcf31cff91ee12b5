import { type AddressPattern, covers } from "../address/mod.ts";
import type { Located, TeamPolicy } from "../policy/mod.ts";
import { listPatterns } from "./_list.ts";

/** What happens to email for people outside, customers for example. `allow`: whom alone the assistant may write to. */
export function outsideSentence(
  policy: TeamPolicy,
  allow: readonly Located<AddressPattern>[] | undefined,
  enforced: boolean,
): string {
  const { internal, external } = policy.recipients;
  const whom =
    internal.length === 0
      ? "Email to anybody, a customer for example,"
      : `Email to anybody outside ${listPatterns(internal, "or")}, a customer for example,`;
  const nobodyOutside =
    allow?.every(({ value }) => internal.some((ours) => covers(ours.value, value))) ?? false;
  return `${whom} ${nobodyOutside ? "is refused" : fate(policy, enforced ? external : "allow")}.`;
}

function fate({ oversight, recipients }: TeamPolicy, external: TeamPolicy["recipients"]["external"]): string {
  if (external === "deny") return "is refused";
  const gated = oversight === "gated_all" || oversight === "gated_send";
  if (external === "require_approval") {
    return gated
      ? "is never sent without approval"
      : "is refused, since it needs approval and this mailbox asks nobody for it";
  }
  if (!gated) return "leaves at once too";
  return oversight === "gated_send" && recipients.skipApproval.length > 0
    ? "waits for approval by the same rule"
    : "waits for approval too";
}
