import { type Address, type AddressPattern, matchesDenyPattern, matchesPattern } from "../address/mod.ts";
import type { LiveMailbox } from "./context.ts";
import type { JudgedRecipient } from "./decision.ts";

/**
 * Whether MultiMail will hold this email for a person: its live mode is gated, and under `gated_send` not every
 * recipient is on its allowlist. When in doubt about an entry, it counts as a match: nobody may rely on a hold that
 * MultiMail does not give.
 */
export function willBeHeld(live: LiveMailbox | undefined, recipients: readonly JudgedRecipient[]): boolean {
  if (live?.oversight === "gated_all") return true;
  if (live?.oversight !== "gated_send") return false;
  return !recipients.every(
    ({ parsed }) => parsed.ok && live.allowlist.some((entry) => mayMatch(entry, parsed.address)),
  );
}

function mayMatch(entry: AddressPattern | string, address: Address): boolean {
  return typeof entry === "string" || matchesPattern(entry, address) || matchesDenyPattern(entry, address);
}
