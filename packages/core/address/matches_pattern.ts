import type { Address } from "./address.ts";
import type { AddressPattern } from "./address_pattern.ts";

/** Whether a pattern that permits covers an address, exactly: a plus-tag makes another address, a subdomain another domain. */
export function matchesPattern(pattern: AddressPattern, address: Address): boolean {
  switch (pattern.kind) {
    case "address":
      return pattern.key === address.key;
    case "domain":
      return pattern.domain === address.domain;
    case "subdomains":
      return address.domain.endsWith(`.${pattern.domain}`);
  }
}
