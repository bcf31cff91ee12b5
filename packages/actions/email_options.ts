import type { ActionOptions } from "./action_options.ts";

/** A file that goes with an email, if the team's policy allows it. */
export interface Attachment {
  /** With its ending: `invoice.pdf`. */
  readonly name: string;
  /** What it says it is: `application/pdf`. Its content is judged too. */
  readonly contentType: string;
  /** Bytes, or text that holds them in base64. */
  readonly content: Uint8Array | string;
}

/** Options of an action that lets an email leave. */
export interface EmailOptions extends ActionOptions {
  readonly cc?: string | readonly string[];
  readonly bcc?: string | readonly string[];
  readonly attachments?: readonly Attachment[];
  /** With the same key and content, asking again sends nothing twice. Make it from what the email is about. */
  readonly idempotencyKey?: string;
  /** The receipt of an email that was rejected, or to which changes were asked, and that this one replaces. */
  readonly revises?: string;
}

/** What an email's options are called in a request: `undefined` is not written into JSON. */
export function emailFields(options: EmailOptions): Readonly<Record<string, unknown>> {
  const { cc, bcc, attachments, idempotencyKey, revises } = options;
  return {
    ...{ cc, bcc, revises },
    attachments: attachments?.map(({ name, contentType, content }) => ({
      name,
      content_type: contentType,
      content_base64: typeof content === "string" ? content : toBase64(content),
    })),
    idempotency_key: idempotencyKey,
  };
}

/** As many bytes as an engine takes as arguments of one call, and a multiple of three, so that the pieces join. */
const PIECE = 3 * 8192;

/** `Buffer` is Node's alone; `btoa` is everywhere. */
function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  }
  return text;
}
