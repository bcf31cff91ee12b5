import type { Address } from "./address.ts";
import type { AddressPattern } from "./address_pattern.ts";
import { matchesPattern } from "./matches_pattern.ts";

/** Whether a pattern that forbids covers an address: as `matchesPattern`, but no plus-tag on either side gets around it. */
export function matchesDenyPattern(pattern: AddressPattern, address: Address): boolean {
  return pattern.kind === "address" ? pattern.base === address.base : matchesPattern(pattern, address);
}
