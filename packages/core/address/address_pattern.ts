import type { Address } from "./address.ts";

/** A pattern over addresses, as policies write it. Plain data: it crosses threads. */
export type AddressPattern =
  /** `billing@partner.example`: this address; `base` is the same without a plus-tag. */
  | { readonly kind: "address"; readonly key: string; readonly base: string }
  /** `*@partner.example`: every address at exactly this domain. */
  | { readonly kind: "domain"; readonly domain: string }
  /** `*@*.partner.example`: every address at any subdomain of it, and not at the domain itself. */
  | { readonly kind: "subdomains"; readonly domain: string };

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

/** Whether a pattern that forbids covers an address: as `matchesPattern`, but no plus-tag on either side gets around it. */
export function matchesDenyPattern(pattern: AddressPattern, address: Address): boolean {
  return pattern.kind === "address" ? pattern.base === address.base : matchesPattern(pattern, address);
}

/** Whether every address of the pattern `inner` is one of `outer`. */
export function covers(outer: AddressPattern, inner: AddressPattern): boolean {
  if (outer.kind === "address") return inner.kind === "address" && inner.key === outer.key;
  const domain = inner.kind === "address" ? inner.key.slice(inner.key.lastIndexOf("@") + 1) : inner.domain;
  if (outer.kind === "domain") return inner.kind !== "subdomains" && domain === outer.domain;
  return domain.endsWith(`.${outer.domain}`) || (inner.kind === "subdomains" && domain === outer.domain);
}
