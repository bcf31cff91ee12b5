import { createHmac, timingSafeEqual } from "node:crypto";

/** What {@linkcode verifyWebhookSignature} compares. */
export interface WebhookSignature {
  /** `whsec_…`. */
  readonly secret: string;
  /** The header `X-MultiMail-Signature`, `sha256=<hex>`. */
  readonly signature: string | undefined;
  /** The body as it arrived, byte by byte. */
  readonly body: Uint8Array;
}

/**
 * Whether MultiMail signed `body`: HMAC-SHA256, compared in constant time. Whether `whsec_` is part of the secret
 * is not documented, so both readings hold. It proves no freshness: a replay has to be harmless.
 */
export function verifyWebhookSignature({ secret, signature, body }: WebhookSignature): boolean {
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(signature ?? "")?.[1];
  const bare = secret.replace(/^whsec_/, "");
  // Anybody can sign with an empty secret.
  if (hex === undefined || bare === "") return false;
  const given = Buffer.from(hex, "hex");
  const matches = [secret, bare].map((key) =>
    timingSafeEqual(createHmac("sha256", key).update(body).digest(), given),
  );
  return matches.includes(true);
}
