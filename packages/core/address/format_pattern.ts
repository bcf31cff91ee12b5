import type { AddressPattern } from "./address_pattern.ts";

/** A pattern's canonical text, which `parseAddressPattern` reads back as the same pattern. */
export function formatPattern(pattern: AddressPattern): string {
  switch (pattern.kind) {
    case "address":
      return pattern.key;
    case "domain":
      return `*@${pattern.domain}`;
    case "subdomains":
      return `*@*.${pattern.domain}`;
  }
}
