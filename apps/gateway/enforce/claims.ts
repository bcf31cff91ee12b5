import { hash } from "node:crypto";
import { askedDraft, type EmailAction, isAskedFor, type Recipient } from "@countersign/core/action";
import type { AddressResult } from "@countersign/core/address";
import type { Claim } from "@countersign/trail";
import type { Call } from "./call.ts";

/** For how long the same content to the same people is taken for the same email. */
const CONTENT_MS = 10 * 60_000;

/** For how long a caller's idempotency key, or its platform's attempt, is remembered: as long as MultiMail remembers ours. */
const CALLER_KEY_MS = 24 * 60 * 60_000;

/** Somebody whom an email reaches. */
interface Reached extends Pick<Recipient, "composed"> {
  /** `to`, `cc`, `bcc`, or `participant` of the email replied to. */
  readonly field: string;
  readonly text: string;
  readonly parsed: AddressResult;
}

/**
 * What this email claims, so that it leaves once: its content for ten minutes, and for a day when its platform repeats
 * the attempt; or, when the caller says by a key of its own that it is meant, that key for a day. Claims hold hashes only.
 * What a policy adds to the email is left out of them: the same request is the same email after the policy changed.
 */
export function claimsOf(
  { caller, attempt, receivedAt: now }: Pick<Call, "caller" | "attempt" | "receivedAt">,
  action: EmailAction,
  reached: readonly Reached[],
): readonly Claim[] {
  const recipients = reached.filter(isAskedFor);
  const who = [caller.team, caller.assistant];
  const fingerprint = sha256(...who, ...contentOf(action, recipients));
  const content: Claim = { key: `content:${fingerprint}`, fingerprint, expiresAt: now + CONTENT_MS };
  if (action.idempotencyKey === undefined) {
    if (attempt === undefined) return [content];
    // Another email under the same attempt is another email: the content is part of the key.
    const key = `attempt:${sha256(fingerprint, attempt)}`;
    return [content, { key, fingerprint, expiresAt: now + CALLER_KEY_MS }];
  }
  // Each email of a report is an email of its own, under the one key of them all.
  const key = `caller:${sha256(...who, action.idempotencyKey, ...(action.name === "report" ? ["report", peopleOf(recipients)] : []))}`;
  return [
    { key, fingerprint, expiresAt: now + CALLER_KEY_MS },
    // Without refusing: a later request that names no key still finds this email.
    { ...content, optional: true },
  ];
}

/**
 * What the first claims of those who end the waiting for MultiMail's answer to an intent: the gateway that asked and was
 * `refused`, or another that has `taken_over` the intent, and asks until it is known.
 */
export function endClaim(receipt: string, by: "refused" | "taken_over", now: number): Claim {
  return { key: `end:${receipt}`, fingerprint: by, expiresAt: now + CALLER_KEY_MS };
}

function contentOf(action: EmailAction, recipients: readonly Reached[]): readonly string[] {
  const draft = askedDraft(action.draft);
  return [
    action.name,
    action.name === "reply" ? action.emailId : "",
    peopleOf(recipients),
    draft.subject,
    draft.markdown,
    draft.sendAt ?? "",
    ...draft.attachments.flatMap(({ name, contentType, contentBase64 }) => [
      name,
      contentType,
      contentBase64,
    ]),
  ];
}

function peopleOf(recipients: readonly Reached[]): string {
  return recipients
    .map(({ field, text, parsed }) => `${field} ${parsed.ok ? parsed.address.key : text}`)
    .sort()
    .join("\n");
}

/** Each part is hashed with its length, so that no two lists of parts give the same bytes. */
function sha256(...parts: readonly string[]): string {
  let text = "";
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  return hash("sha256", text);
}
