/** The bytes that this is the standard base64 of (RFC 4648 §4); undefined: of none, or not the way it has to be written. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
