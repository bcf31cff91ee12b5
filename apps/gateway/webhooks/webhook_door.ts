import { parseWebhookEvent, verifyWebhookSignature, type WebhookEvent } from "@countersign/multimail";
import { Hono } from "hono";
import { type Admission, BusyError, type Ticket } from "../door/admission.ts";
import { isEncoded } from "../door/read_body.ts";
import { type ReadBytes, readBytes } from "../door/read_bytes.ts";
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
  readonly admission: Admission;
}

/**
 * `POST /webhooks/multimail`: takes what MultiMail tells, signed with the secret, and answers before it is worked off.
 * Nothing is believed that the API does not confirm, so that a replay, or a stolen secret, changes nothing.
 */
export function webhookDoor({ secret, queue, refusals, admission }: WebhookDoorOptions): Hono {
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
    const signature = c.req.header("X-MultiMail-Signature");
    if (signature === undefined) {
      refusals.add("webhook", "missing_signature");
      return c.json({ error: MUST_SIGN, code: "missing_signature" }, 401);
    }
    const body = await read(c.req.raw);
    if (body === "busy") return c.json({ error: "Too many events arrive at once", code: "busy" }, 503, RETRY);
    if (body === "too_late") {
      return c.json({ error: "The body did not arrive in time", code: "request_timeout" }, 408, {
        Connection: "close",
      });
    }
    if (body === "too_large") {
      return c.json({ error: "The body may hold 256 KiB at most", code: "body_too_large" }, 413);
    }
    if (!verifyWebhookSignature({ secret, signature, body })) {
      refusals.add("webhook", "wrong_signature");
      return c.json({ error: MUST_SIGN, code: "wrong_signature" }, 401);
    }
    const event = parse(body);
    if (event === undefined) return c.json({ error: "The body is no event", code: "invalid_json" }, 400);
    if (queue.add(event)) return c.json({ status: "accepted" }, 202);
    return c.json({ error: "Too many events wait; tell again later", code: "busy" }, 503, RETRY);
  });
  return door;

  /** Whoever writes here has no key: they share one bound among them, and are in no assistant's way. */
  async function read(request: Request): Promise<ReadBytes | "busy"> {
    let ticket: Ticket | undefined;
    try {
      const entered = await admission.enter("webhook");
      ticket = entered;
      return await readBytes(request, { max: MAX_BYTES, take: (count) => entered.takeBytes(count) });
    } catch (error) {
      if (error instanceof BusyError) return "busy";
      throw error;
    } finally {
      ticket?.leave();
    }
  }
}

const MUST_SIGN = "X-MultiMail-Signature must sign the body with the webhook's secret";
const RETRY = { "Retry-After": "60" };

function parse(body: Uint8Array): WebhookEvent | undefined {
  try {
    return parseWebhookEvent(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
