import { parseMailbox } from "./_parse_mailbox.ts";
import { type AddressResult, toAddress } from "./address.ts";

/** Nearly every address there is: plain ASCII, nothing to remove or convert. Whatever it misses takes the long way. */
const PLAIN = /^[\w'-]+(?:[.+][\w'-]+)*@(?:[a-z\d]+(?:-[a-z\d]+)*\.)+[a-z]+$/i;

/**
 * Reads one mail address, with or without a display name, and makes it canonical. What two mail programs could read as
 * two different mailboxes is refused. Total: it never throws, and its work is bounded by 1000 characters.
 *
 * @example
 * ```ts
 * import { parseAddress } from "@countersign/core/address";
 *
 * parseAddress('"Lee, Ana" <Ana+inv@Bücher.example>');
 * // { ok: true, address: { address: "Ana+inv@xn--bcher-kva.example", base: "ana@xn--bcher-kva.example", … } }
 * ```
 */
export function parseAddress(text: string): AddressResult {
  const at = text.indexOf("@");
  // A domain of up to 63 characters has no label that is too long.
  if (at <= 64 && text.length - at <= 64 && PLAIN.test(text)) {
    return { ok: true, address: toAddress(text.slice(0, at), text.slice(at + 1).toLowerCase(), false) };
  }
  return parseMailbox(text);
}
