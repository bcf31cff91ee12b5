import { createHash } from "node:crypto";
import { type Action, type Attachment, isEmailAction } from "@countersign/core/action";
import type { Decision, Finding } from "@countersign/core/decision";
import { formatWhere } from "@countersign/core/policy";
import { type IntentData, Sealer, type TrailEntry } from "@countersign/trail";
import type { Call } from "./call.ts";
import type { Judged } from "./judged.ts";
import { recordableText } from "./recordable_text.ts";

/** Of what somebody outside wrote. */
const MAX_SUBJECT = 1_000;

/**
 * The record of what was asked and decided, before anything is done. Subject, bodies, file names and addresses enter it
 * as commitments only; their values go beside it. The receipt is the idempotency key at MultiMail.
 */
export function intentEntry({ call, decision, receipt, policy, originalSubject }: Judged): TrailEntry {
  const { action, caller } = call;
  const email = isEmailAction(action) ? action : undefined;
  const sealer = new Sealer();
  const data: IntentData = {
    call: call.id,
    door: call.door,
    action: action.name,
    attempted: action.name === "invalid" ? recordableText(action.attempted) : null,
    effect: decision.effect,
    held: decision.held,
    findings: decision.findings.map(findingData),
    recipients: decision.recipients.map(({ field, text, parsed }) => ({
      field,
      address: sealer.seal("address", parsed.ok ? parsed.address.address : text),
      domain: parsed.ok ? parsed.address.domain : null,
    })),
    mailbox: policy?.mailbox.id ?? null,
    about: aboutOf(call, decision),
    subject: email && email.name !== "reply" ? sealer.seal("subject", email.draft.subject) : null,
    // As it was when it was decided; MultiMail bounds it, and a record need not be longer.
    ...(email?.name === "reply" &&
      originalSubject !== undefined && {
        original_subject: sealer.seal("subject", originalSubject.slice(0, MAX_SUBJECT)),
      }),
    body: email ? sealer.seal("body", email.draft.markdown) : null,
    body_bytes: email ? Buffer.byteLength(email.draft.markdown) : 0,
    attachments: (email?.draft.attachments ?? []).map((attachment) => ({
      name: sealer.seal("attachment_name", attachment.name),
      content_type: recordableText(attachment.contentType),
      content: sealer.seal("attachment", keptContent(attachment, decision)),
      bytes: Buffer.byteLength(attachment.contentBase64, "base64"),
    })),
    send_at: decision.sendAt ?? email?.draft.sendAt ?? null,
    idempotency_key: email !== undefined && decision.effect === "allow" ? receipt : null,
    caller_key: email?.idempotencyKey === undefined ? null : sealer.seal("caller_key", email.idempotencyKey),
  };
  return {
    kind: "intent",
    at: call.receivedAt,
    team: caller.team,
    assistant: caller.assistant,
    receipt,
    policy: decision.policy,
    data,
    sealed: sealer.values,
  };
}

/**
 * What is kept of a file: all of it, or, of an email that was denied, its SHA-256. Whoever has the file can show that it
 * was this one, and nobody fills the trail with what never leaves.
 */
function keptContent({ contentBase64 }: Attachment, { effect }: Decision): string {
  if (effect === "allow") return contentBase64;
  return createHash("sha256").update(Buffer.from(contentBase64, "base64")).digest("base64");
}

/** A finding as records hold it. */
export function findingData({
  rule,
  effect,
  message,
  detail,
  where,
  about,
}: Finding): IntentData["findings"][number] {
  return {
    rule,
    effect,
    message: recordableText(message),
    detail: detail === undefined ? null : recordableText(detail),
    where: where === undefined ? null : formatWhere(where),
    about: about ?? [],
  };
}

/**
 * MultiMail's id, or the receipt, of what the call is about. The id of an email that may be replied to is needed to ask
 * MultiMail again; another one may be anything that the caller made up.
 */
function aboutOf({ action }: Call, { effect }: Decision): string | null {
  const id = idOf(action);
  return id === null || (action.name === "reply" && effect === "allow") ? id : recordableText(id);
}

function idOf(action: Action): string | null {
  switch (action.name) {
    case "reply":
    case "read":
      return action.emailId;
    case "thread":
      return action.threadId;
    case "cancel":
      return action.receipt ?? action.emailId ?? null;
    case "status":
      return action.receipt ?? null;
    default:
      return null;
  }
}
