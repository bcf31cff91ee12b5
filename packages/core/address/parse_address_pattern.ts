import { parse } from "tldts";
import { parseDomain } from "./_parse_domain.ts";
import { REFUSALS } from "./_refusals.ts";
import { type AddressPattern, formatPattern } from "./address_pattern.ts";
import { parseAddress } from "./parse_address.ts";

/** A pattern, or what is wrong with its text and what would be right. */
export type PatternResult =
  | { readonly ok: true; readonly pattern: AddressPattern }
  | { readonly ok: false; readonly message: string };

const FORMS = 'write "billing@partner.example", "*@partner.example" or "*@*.partner.example"';

/** Reads a pattern over addresses: `a@x.com`, `*@x.com` or `*@*.x.com`. Total, and bounded by 1000 characters. */
export function parseAddressPattern(text: string): PatternResult {
  if (text.length > 1000) return { ok: false, message: REFUSALS.too_long };
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  const domain = text.slice(at + 1);
  if (local === "*") return parseDomainForm(domain);
  if (local === "") {
    const meant = parseDomainForm(domain);
    return {
      ok: false,
      message: meant.ok
        ? `Pattern must say whom at the domain: did you mean "${formatPattern(meant.pattern)}"?`
        : `Pattern must be an address or a domain's addresses: ${FORMS}`,
    };
  }
  if (local.includes("*"))
    return { ok: false, message: `Pattern must have "*" alone before the "@": ${FORMS}` };
  if (domain.includes("*") || /[\s"<>]/.test(text)) {
    return { ok: false, message: `Pattern must be a bare address or a domain's addresses: ${FORMS}` };
  }
  const parsed = parseAddress(text);
  if (!parsed.ok) return parsed;
  return { ok: true, pattern: { kind: "address", key: parsed.address.key, base: parsed.address.base } };
}

/** Reads a domain as `internal:` lists it: `acme.example`, or `*.acme.example` for its subdomains. Total, and bounded by 1000 characters. */
export function parseDomainPattern(text: string): PatternResult {
  if (text.length > 1000) return { ok: false, message: REFUSALS.too_long };
  if (!text.includes("@")) return parseDomainForm(text);
  const meant = parseDomainForm(text.slice(text.lastIndexOf("@") + 1));
  const hint = meant.ok
    ? `did you mean "${formatPattern(meant.pattern).slice(2)}"?`
    : 'write "acme.example" or "*.acme.example"';
  return { ok: false, message: `Pattern must be a domain, not an address: ${hint}` };
}

/** Reads what may stand after `*@`: `partner.example` or `*.partner.example`. Takes up to 1000 characters. */
function parseDomainForm(text: string): PatternResult {
  const kind = text.startsWith("*.") ? "subdomains" : "domain";
  const name = kind === "subdomains" ? text.slice(2) : text;
  if (name.includes("*")) {
    return {
      ok: false,
      message: 'Pattern must name a domain: write "partner.example" or "*.partner.example" for "*"',
    };
  }
  const parsed = parseDomain(name);
  if (typeof parsed === "string") return { ok: false, message: REFUSALS[parsed] };
  if (isShared(parsed.domain, kind === "subdomains")) {
    return {
      ok: false,
      message: `Pattern must not cover "${parsed.domain}", under which anybody can register: name one organisation's domain`,
    };
  }
  return { ok: true, pattern: { kind, domain: parsed.domain } };
}

/** Whether strangers share the domain: a registry's suffix, and for its subdomains a host's (`github.io`) as well. */
function isShared(domain: string, subdomains: boolean): boolean {
  // Some suffixes exist only one level down, as in "*.kawasaki.jp".
  return [domain, ...(subdomains ? [`x.${domain}`] : [])].some((name) => {
    const { publicSuffix, isIcann, isPrivate } = parse(name, { allowPrivateDomains: true });
    return publicSuffix === name && (isIcann || (subdomains && isPrivate));
  });
}
