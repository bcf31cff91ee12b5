export type { Address, AddressResult } from "./address.ts";
export type { AddressPattern, PatternResult } from "./address_pattern.ts";
export { formatPattern } from "./format_pattern.ts";
export { matchesDenyPattern } from "./matches_deny_pattern.ts";
export { matchesPattern } from "./matches_pattern.ts";
export { parseAddress } from "./parse_address.ts";
export { parseAddressPattern } from "./parse_address_pattern.ts";
export { parseDomainPattern } from "./parse_domain_pattern.ts";
