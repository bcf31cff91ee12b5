import { parseAddress } from "@countersign/core/address";

/** Under what an address is looked for: its `Address.base`, or the lower-case text when it is no address. */
export function addressBase(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.base : text.toLowerCase();
}

/**
 * Under what a sealed address is found. Kept in the store, so a change of it needs a migration. An address is sealed
 * canonical: what has brackets was none when it was sealed, whatever the reading of names has learnt since.
 */
export function sealedBase(value: string): string {
  return value.includes("<") ? value.toLowerCase() : addressBase(value);
}
