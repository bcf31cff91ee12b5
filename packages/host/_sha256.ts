import { hash } from "node:crypto";

/** SHA-256 of bytes, or of text in UTF-8; hexadecimal. */
export function sha256(data: Uint8Array | string): string {
  return hash("sha256", data);
}
