import { checkLocal } from "./_check_local.ts";
import { parseDomain } from "./_parse_domain.ts";
import { REFUSALS, type Refusal } from "./_refusals.ts";
import { splitMailbox } from "./_split_mailbox.ts";
import { toAddress } from "./_to_address.ts";
import type { AddressResult } from "./address.ts";

/** What `parseAddress` does for every text that its fast path does not know. */
export function parseMailbox(text: string): AddressResult {
  const parts = splitMailbox(text);
  if (typeof parts === "string") return refuse(parts);
  const wrong = checkLocal(parts.local);
  if (wrong) return refuse(wrong);
  const parsed = parseDomain(parts.domain);
  if (typeof parsed === "string") return refuse(parsed);
  const address = toAddress(parts.local, parsed.domain, parsed.lookAlike);
  return address.address.length > 254 ? refuse("address_too_long") : { ok: true, address };
}

function refuse(reason: Refusal): AddressResult {
  return { ok: false, message: REFUSALS[reason] };
}
