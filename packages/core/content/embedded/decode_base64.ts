const BAD = 64;
const VALUES = new Uint8Array(128).fill(BAD);
"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".split("").forEach((character, value) => {
  VALUES[character.charCodeAt(0)] = value;
});
VALUES[0x2d] = 62;
VALUES[0x5f] = 63;

/**
 * Decodes base64 or base64url (RFC 4648), with or without padding, over line ends and blanks; `undefined` if it is
 * neither. At most `maxBytes` bytes are decoded: what follows is neither read nor checked.
 */
export function decodeBase64(text: string, maxBytes: number): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.min(maxBytes, Math.ceil((text.length * 3) / 4)));
  let length = 0;
  let bits = 0;
  let held = 0;
  let i = 0;
  for (; i < text.length && length < bytes.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? (VALUES[code] ?? BAD) : BAD;
    if (value === BAD) {
      if (isBlank(code)) continue;
      break;
    }
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[length++] = (bits >> held) & 0xff;
    }
  }
  const whole = length === maxBytes || /^[=\s]*$/.test(text.slice(i, i + 100));
  return whole && held < 6 ? bytes.subarray(0, length) : undefined;
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
