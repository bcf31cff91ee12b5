import { createHmac } from "node:crypto";

/**
 * The value of `X-MultiMail-Signature`: HMAC-SHA256 over the raw body, hexadecimal. The key is the whole secret with
 * its `whsec_` prefix; whether MultiMail keeps the prefix is unknown.
 */
export function signWebhook(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
