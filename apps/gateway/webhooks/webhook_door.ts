import { parseWebhookEvent, verifyWebhookSignature, type WebhookEvent } from "@countersign/multimail";
import { Hono } from "hono";
import { isEncoded } from "../door/read_body.ts";
import { readBytes } from "../door/read_bytes.ts";
import type { Refusals } from "../door/refusals.ts";
import type { WebhookQueue } from "./webhook_queue.ts";

/** MultiMail's events hold no bodies: they are small. */
const MAX_BYTES = 256 * 1024;

/** What the door needs. */
export interface WebhookDoorOptions {
  /** `whsec_…`; absent: nothing is taken. */
  readonly secret: string | undefined;
  readonly queue: WebhookQueue;
  readonly refusals: Refusals;
}

/**
 * `POST /webhooks/multimail`: takes what MultiMail tells, signed with the secret, and answers before it is worked off.
 * Nothing is believed that the API does not confirm, so that a replay, or a stolen secret, changes nothing.
 */
export function webhookDoor({ secret, queue, refusals }: WebhookDoorOptions): Hono {
  const door = new Hono();
  door.post("/webhooks/multimail", async (c) => {
    if (secret === undefined) {
      return c.json(
        { error: "Webhooks are not set up: set MULTIMAIL_WEBHOOK_SECRET", code: "no_secret" },
        503,
      );
    }
    if (isEncoded(c.req.raw)) {
      return c.json(
        { error: "Send the body as it is, without Content-Encoding", code: "unsupported_media_type" },
        415,
      );
    }
    const body = await readBytes(c.req.raw, MAX_BYTES);
    if (body === "too_late") {
      return c.json({ error: "The body did not arrive in time", code: "request_timeout" }, 408, {
        Connection: "close",
      });
    }
    if (body === "too_large") {
      return c.json({ error: "The body may hold 256 KiB at most", code: "body_too_large" }, 413);
    }
    const signature = c.req.header("X-MultiMail-Signature");
    if (!verifyWebhookSignature({ secret, signature, body })) {
      const code = signature === undefined ? "missing_signature" : "wrong_signature";
      refusals.add("webhook", code);
      return c.json(
        { error: "X-MultiMail-Signature must sign the body with the webhook's secret", code },
        401,
      );
    }
    const event = parse(body);
    if (event === undefined) return c.json({ error: "The body is no event", code: "invalid_json" }, 400);
    if (queue.add(event)) return c.json({ status: "accepted" }, 202);
    return c.json({ error: "Too many events wait; tell again later", code: "busy" }, 503, {
      "Retry-After": "60",
    });
  });
  return door;
}

function parse(body: Uint8Array): WebhookEvent | undefined {
  try {
    return parseWebhookEvent(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
