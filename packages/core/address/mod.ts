export type { Address } from "./address.ts";
export type { AddressPattern } from "./address_pattern.ts";
export { formatPattern } from "./format_pattern.ts";
export { matchesDenyPattern } from "./matches_deny_pattern.ts";
export { matchesPattern } from "./matches_pattern.ts";
export { type AddressResult, parseAddress } from "./parse_address.ts";
export { type PatternResult, parseAddressPattern } from "./parse_address_pattern.ts";
export { parseDomainPattern } from "./parse_domain_pattern.ts";
