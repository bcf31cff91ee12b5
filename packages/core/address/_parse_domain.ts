import { toASCII } from "tr46";
import { isLookAlike } from "./_is_look_alike.ts";
import type { Refusal } from "./_refusals.ts";

/** A domain in canonical form. */
export interface ParsedDomain {
  /** ASCII, lower-case, at least two labels, no trailing dot. */
  readonly domain: string;
  readonly lookAlike: boolean;
}

const UTS46 = { checkHyphens: true, checkBidi: true, checkJoiners: true, useSTD3ASCIIRules: true };

/** Makes a domain canonical (RFC 5321, 4.1.2; UTS #46, non-transitional), or says why it cannot. Takes up to 1000 characters. */
export function parseDomain(text: string): ParsedDomain | Refusal {
  // UTS #46 drops characters that do not show; other mailers do not, and would deliver elsewhere.
  if (/\p{Default_Ignorable_Code_Point}/u.test(text)) return "hidden_character";
  const name = text.replace(/[.\u3002\uff0e\uff61]$/, "");
  if (name === "") return "domain_empty";
  const international = /[^ -~]|(?:^|\.)xn--/i.test(name);
  if (!international && /[^a-z0-9.-]/i.test(name)) return "domain_character";
  // "--" within plain ASCII names is in use, so that only international ones are held to UTS #46's hyphen rule.
  const domain = international ? toASCII(name, UTS46) : name.toLowerCase();
  if (domain === null) return "domain_international";

  const labels = domain.split(".");
  if (labels.includes("")) return "domain_dots";
  if (labels.length === 1) return "domain_single_label";
  if (domain.length > 253 || labels.some((label) => label.length > 63)) return "domain_too_long";
  if (/(?:^|\.)-|-(?:\.|$)/.test(domain)) return "domain_hyphen";
  if (!/\.[a-z][^.]*$/.test(domain)) return "domain_top_level";
  return { domain, lookAlike: international && isLookAlike(domain) };
}
