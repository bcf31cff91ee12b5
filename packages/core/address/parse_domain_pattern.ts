import { parseDomainForm } from "./_parse_domain_form.ts";
import { REFUSALS } from "./_refusals.ts";
import type { PatternResult } from "./address_pattern.ts";
import { formatPattern } from "./format_pattern.ts";

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
