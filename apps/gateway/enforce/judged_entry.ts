import { createHash } from "node:crypto";
import { type Attachment, isEmailAction } from "@countersign/core/action";
import type { Decision } from "@countersign/core/decision";
import { findingData, ownWords, recordableMediaType } from "@countersign/lifecycle";
import { type AskedText, intentEntry, type TrailEntry } from "@countersign/trail";
import { isProvenBy } from "./call.ts";
import type { Judged } from "./judged.ts";

/** Of what somebody outside wrote. */
const MAX_SUBJECT = 1_000;

/**
 * The record of what was asked and decided, before anything is done. Subject, bodies, file names and addresses enter it
 * as commitments only; their values go beside it. The receipt is the idempotency key at MultiMail.
 */
export function judgedEntry({
  call,
  decision,
  facts,
  receipt,
  policy,
  originalSubject,
  known,
  revises,
}: Judged): TrailEntry<"intent"> {
  const { action, caller } = call;
  const email = isEmailAction(action) ? action : undefined;
  const { team, assistant } = caller;
  const added = email?.draft.added;
  return intentEntry(
    {
      call: call.id,
      door: call.door,
      action: action.name,
      attempted: action.name === "invalid" ? ownWords(action.attempted) : null,
      effect: decision.effect,
      ...(facts !== undefined && { facts }),
      held: decision.held,
      findings: decision.findings.map((finding) => findingData(finding, action)),
      recipients: decision.recipients.map(({ field, text, parsed, composed }) => ({
        field,
        address: parsed.ok ? parsed.address.address : text,
        domain: parsed.ok ? parsed.address.domain : null,
        ...(composed && { composed }),
      })),
      mailbox: policy?.mailbox.id ?? null,
      about: known ?? null,
      subject: email && email.name !== "reply" ? email.draft.subject : null,
      // As it was when it was decided; MultiMail bounds it, and a record need not be longer.
      ...(email?.name === "reply" &&
        originalSubject !== undefined && { original_subject: originalSubject.slice(0, MAX_SUBJECT) }),
      body: email?.draft.markdown ?? null,
      ...(added !== undefined && added.subject + added.body > 0 && { added }),
      attachments: (email?.draft.attachments ?? []).map((attachment) => ({
        name: attachment.name,
        content_type:
          decision.effect === "allow" ? attachment.contentType : recordableMediaType(attachment.contentType),
        content: keptContent(attachment, decision),
        bytes: Buffer.byteLength(attachment.contentBase64, "base64"),
      })),
      send_at: decision.sendAt ?? email?.draft.sendAt ?? null,
      idempotency_key: email !== undefined && decision.effect === "allow" ? receipt : null,
      caller_key: email?.idempotencyKey ?? null,
      ...(revises !== undefined && { revises }),
      ...askedBy(call, policy),
    },
    { at: call.receivedAt, team, assistant, receipt, policy: decision.policy },
  );
}

/**
 * Who asked, and whether it was this assistant whom they asked. Of their groups, those by which they may use it: by these an
 * email that waits is judged again.
 */
function askedBy(
  { caller, person }: Judged["call"],
  policy: Judged["policy"],
): Pick<AskedText, "person" | "unproven"> {
  if (person === undefined) return {};
  const { issuer, subject, address, claims } = person;
  const named = policy?.assistants.get(caller.assistant)?.users?.claims.map(({ value }) => value) ?? [];
  return {
    person: {
      ...{ issuer, subject },
      ...(address !== undefined && { address: address.address }),
      claims: named.filter((claim) => claims.includes(claim)),
    },
    ...(!isProvenBy({ caller, person }) && { unproven: true }),
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
