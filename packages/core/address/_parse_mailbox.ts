import { parseDomain } from "./_parse_domain.ts";
import { REFUSALS, type Refusal } from "./_refusals.ts";
import { splitMailbox } from "./_split_mailbox.ts";
import { type AddressResult, toAddress } from "./address.ts";

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

/** What is wrong with the part before the `@`, if anything: it must be a dot-atom (RFC 5322, 3.2.3) that no relay reinterprets. */
function checkLocal(local: string): Refusal | undefined {
  if (local === "") return "local_empty";
  if (/[^ -~]/.test(local)) return "local_not_ascii";
  if (local.includes("=?")) return "encoded_word";
  if (/[%!]/.test(local)) return "route_character";
  if (local.includes("*")) return "wildcard";
  if (!/^[\w.#$&'+/=?^`{|}~-]+$/.test(local)) return "local_character";
  if (/^\.|\.\.|\.$/.test(local)) return "local_dots";
  return local.length > 64 ? "local_too_long" : undefined;
}
