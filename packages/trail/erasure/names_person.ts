import { domainToUnicode } from "node:url";
import { parseAddress } from "@countersign/core/address";

/** Tells whether a text names a person by an address. */
export type NamesPerson = (text: string) => boolean;

/**
 * A test of texts for the person with this address: whatever its letter case, its plus-tag and the form of its domain.
 *
 * @throws {TypeError} when it is no address
 */
export function namesPerson(address: string): NamesPerson {
  const parsed = parseAddress(address);
  if (!parsed.ok) throw new TypeError("Cannot look for a person: an address is wanted");
  const { base, domain } = parsed.address;
  const local = escapeRegExp(base.slice(0, base.lastIndexOf("@")));
  const domains = [...new Set([domain, domainToUnicode(domain)])].map(escapeRegExp).join("|");
  // Not the end of another's local part, nor the beginning of another's domain.
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}._+-])${local}(?:\\+[^\\s@]{0,200})?@(?:${domains})(?!-*[\\p{L}\\p{N}]|\\.[\\p{L}\\p{N}])`,
    "iu",
  );
  return (text) => {
    if (pattern.test(text)) return true;
    const whole = text.length <= MAX_ADDRESS ? parseAddress(text) : undefined;
    return whole?.ok === true && whole.address.base === base;
  };
}

/** In characters; with a quoted local part, more than any has. */
const MAX_ADDRESS = 1_000;

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
