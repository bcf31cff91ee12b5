import { createHmac } from "node:crypto";
import type { Commitment, SealedKind } from "./sealed.ts";

/**
 * The commitment to a value: HMAC-SHA256 in lower-case hexadecimal, with the 32 bytes of `salt` as key, over the UTF-8 of
 * `kind`, one zero byte, and the UTF-8 of `value`. The value of kind `address` is the canonical address, or the raw text
 * when it is no address; an attachment's is its base64.
 *
 * @example
 * ```sh
 * printf 'subject\0Invoice 42' | openssl mac -digest SHA256 -macopt hexkey:$SALT_HEX HMAC | tr A-F a-f
 * ```
 */
export function commitmentOf(salt: Uint8Array, kind: SealedKind, value: string): Commitment {
  return createHmac("sha256", salt).update(`${kind}\0${value}`).digest("hex");
}
