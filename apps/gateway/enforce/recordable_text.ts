import { maskAddresses } from "../policies/mask_addresses.ts";

/**
 * Text in which a caller's own words may be, as a record can keep it for ever: addresses without their local part, also
 * where a path has them escaped.
 */
export function recordableText(text: string): string {
  return maskAddresses(text.replaceAll(/[^\s/]*%[\da-f]{2}[^\s/]*/gi, "…"));
}
