import { parse } from "tldts";
import { parseDomain } from "./_parse_domain.ts";
import { REFUSALS } from "./_refusals.ts";
import type { PatternResult } from "./address_pattern.ts";

/** Reads what may stand after `*@`: `partner.example` or `*.partner.example`. Takes up to 1000 characters. */
export function parseDomainForm(text: string): PatternResult {
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
