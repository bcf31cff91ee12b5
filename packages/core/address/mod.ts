export type { Address } from "./address.ts";
export type { AddressPattern } from "./address_pattern.ts";
export type { AddressResult } from "./parse_address.ts";
