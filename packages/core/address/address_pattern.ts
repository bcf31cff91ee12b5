/** A pattern over addresses, as policies write it. Plain data: it crosses threads. */
export type AddressPattern =
  /** `billing@partner.example`: this address; `base` is the same without a plus-tag. */
  | { readonly kind: "address"; readonly key: string; readonly base: string }
  /** `*@partner.example`: every address at exactly this domain. */
  | { readonly kind: "domain"; readonly domain: string }
  /** `*@*.partner.example`: every address at any subdomain of it, and not at the domain itself. */
  | { readonly kind: "subdomains"; readonly domain: string };

/** A pattern, or what is wrong with its text and what would be right. */
export type PatternResult =
  | { readonly ok: true; readonly pattern: AddressPattern }
  | { readonly ok: false; readonly message: string };
