export type { Address, AddressResult } from "./address.ts";
export {
  type AddressPattern,
  covers,
  formatPattern,
  matchesDenyPattern,
  matchesPattern,
} from "./address_pattern.ts";
export { parseAddress } from "./parse_address.ts";
export { type PatternResult, parseAddressPattern, parseDomainPattern } from "./parse_address_pattern.ts";
