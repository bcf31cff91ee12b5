import {
  type Action,
  bareMediaType,
  canonicalMediaType,
  type InvalidAction,
  isEmailAction,
} from "@countersign/core/action";
import { extensionsOf } from "@countersign/core/content";

/** What stands for a caller's own word. */
const WORD = "…";

/** Every word of a route, a tool or a field that is the product's own. */
const OWN_WORDS: ReadonlySet<string> = new Set(
  `GET HEAD POST PUT PATCH DELETE OPTIONS tool tools call initialize policy v1 mcp healthz readyz metrics
  send reply report inbox read thread status cancel receipts mailboxes mailbox emails email threads attachments tags
  contacts domains webhooks oversight approvals approve reject account usage api-keys api_keys keys suppression templates
  send_email reply_email check_inbox read_email get_thread email_status cancel_message send_report email_policy
  to cc bcc subject body markdown text_body html_body attachment name filename content_type content_base64 content contentType
  send_at idempotency_key revises mailbox_id message_id email_id period recipients note limit cursor since_id unread_only
  from receipt waiting thread_id offset direction date_after date_before has_attachments sender subject_contains gate_timing
  arguments params jsonrpc id method result query`
    .split(/\s+/)
    .filter(Boolean),
);

/**
 * Text in which a caller's own words may be, as a record can keep it for ever: addresses without their local part, also
 * where a path has them escaped.
 */
export function recordableText(text: string): string {
  return maskAddresses(text.replaceAll(/[^\s/]*%[\da-f]{2}[^\s/]*/gi, WORD));
}

/** A route, a tool's or a field's name as far as the product knows its words; whatever else is in it is the caller's. */
export function ownWords(text: string): string {
  return text.replaceAll(/[^\s/.]+/g, (word) =>
    OWN_WORDS.has(word) || /^\d{1,3}$/.test(word) ? word : WORD,
  );
}

/** The media type as far as the product knows it; parameters may hold anything. */
export function recordableMediaType(label: string): string {
  return extensionsOf(bareMediaType(label)).length === 0 ? "other" : (canonicalMediaType(label) ?? "other");
}

/**
 * What a rule said of an action, without the caller's own words: a field that is none of ours, the type that a file is
 * said to be.
 */
export function recordableFinding(text: string, action: Action | undefined): string {
  if (action === undefined) return recordableText(text);
  if (action.name === "invalid") return withoutFields(text, action);
  if (!isEmailAction(action)) return recordableText(text);
  let left = text;
  for (const { contentType } of action.draft.attachments) {
    const known = recordableMediaType(contentType);
    for (const said of [contentType, bareMediaType(contentType)]) {
      if (said !== "" && said !== known) left = left.replaceAll(said, known);
    }
  }
  return recordableText(left);
}

function withoutFields(text: string, { problems }: InvalidAction): string {
  const problem = problems.find(({ field, message }) => field !== "" && text === `${field}: ${message}`);
  return recordableText(problem === undefined ? text : `${ownWords(problem.field)}: ${problem.message}`);
}

/** The text with every address's local part hidden, as the log wants it: `…@acme.example`. */
export function maskAddresses(text: string): string {
  return text.replaceAll(/[^\s"'<>()[\],:;@]+@+(?=[\p{L}\p{N}*[])/gu, "…@");
}
