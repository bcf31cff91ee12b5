import { promisify } from "node:util";
import { deflateRaw, deflateRawSync, inflateRawSync, type ZlibOptions } from "node:zlib";

/** Shorter values are kept as they are: a page or less would be won, for ten times the time of writing it. */
const MIN_LENGTH = 4096;

/** From here on compression leaves the main thread. */
const LONG_LENGTH = 32 * 1024;

/** More than any value that was ever packed: a bomb put into the store does not fill memory. */
const MAX_BYTES = 256 * 1024 * 1024;

const OPTIONS: ZlibOptions = { level: 3 };

const deflate = promisify<string, ZlibOptions, Buffer>(deflateRaw);

/** A sealed value as it is kept: bytes are its UTF-8 under raw deflate (RFC 1951), where that is shorter; else text. */
export function packValue(value: string): string | Uint8Array | Promise<string | Uint8Array> {
  if (value.length < MIN_LENGTH) return value;
  const shorter = (packed: Uint8Array) => (packed.length < Buffer.byteLength(value) ? packed : value);
  return value.length < LONG_LENGTH
    ? shorter(deflateRawSync(value, OPTIONS))
    : deflate(value, OPTIONS).then(shorter);
}

/**
 * The value that `packValue` packed.
 *
 * @throws {Error} when the bytes are no deflated text
 */
export function unpackValue(packed: string | Uint8Array): string {
  return typeof packed === "string"
    ? packed
    : inflateRawSync(packed, { maxOutputLength: MAX_BYTES }).toString("utf8");
}
