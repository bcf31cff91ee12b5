import type { AddressPattern } from "../../address/mod.ts";

/** Whether every address of the pattern `inner` is one of `outer`. */
export function covers(outer: AddressPattern, inner: AddressPattern): boolean {
  if (outer.kind === "address") return inner.kind === "address" && inner.key === outer.key;
  const domain = inner.kind === "address" ? inner.key.slice(inner.key.lastIndexOf("@") + 1) : inner.domain;
  if (outer.kind === "domain") return inner.kind !== "subdomains" && domain === outer.domain;
  return domain.endsWith(`.${outer.domain}`) || (inner.kind === "subdomains" && domain === outer.domain);
}
