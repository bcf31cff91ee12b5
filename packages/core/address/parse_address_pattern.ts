import { parseDomainForm } from "./_parse_domain_form.ts";
import { REFUSALS } from "./_refusals.ts";
import type { PatternResult } from "./address_pattern.ts";
import { formatPattern } from "./format_pattern.ts";
import { parseAddress } from "./parse_address.ts";

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
