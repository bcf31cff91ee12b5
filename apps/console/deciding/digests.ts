import { createHash } from "node:crypto";
import type { ApprovalRequirement, Decision, Finding } from "@countersign/core/decision";
import { formatWhere, type PolicySet, type TeamPolicy } from "@countersign/core/policy";
import type { PendingEmail } from "@countersign/multimail";
import type { Commitment, IntentData } from "@countersign/trail";
import canonicalize from "canonicalize";

/** What a decision is bound to: SHA-256 over canonical JSON (RFC 8785), hexadecimal. */
export interface Digests {
  /** Of the email: draft as composed, everybody whom it reaches, its files. */
  readonly content: string;
  /** Of what was found in it and where, the team's policy, and what approval is required. */
  readonly judgement: string;
}

/** Digest of the email as it is on record; `subject` is what MultiMail made of a reply's. */
export function digestContent(
  data: IntentData,
  { values, subject }: { readonly values: ReadonlyMap<Commitment, string>; readonly subject: string },
): string {
  return digest({
    subject: data.subject === null ? subject : (values.get(data.subject) ?? null),
    body: data.body === null ? null : (values.get(data.body) ?? null),
    recipients: data.recipients.map(({ field, address }) => [field, values.get(address) ?? null]),
    attachments: data.attachments.map(({ name, content, content_type }) => [
      values.get(name) ?? null,
      content_type,
      sha256(Buffer.from(values.get(content) ?? "", "base64")),
    ]),
    send_at: data.send_at,
    mailbox: data.mailbox,
  });
}

/** Digest of a received email, as MultiMail shows it to whoever decides. */
export function digestIncoming({ id, mailboxId, from, to, subject, markdown }: PendingEmail): string {
  return digest({ id, mailbox: mailboxId, from, to, subject, body: markdown });
}

/** What a judgement says, and under which policy. */
export interface Judged {
  readonly decision: Decision;
  readonly requirements: readonly ApprovalRequirement[];
  readonly policy: TeamPolicy;
  readonly policies: PolicySet;
}

/** Digest of a judgement, without what changes in it from one look to the next: ages, counts, other email's receipts. */
export function digestJudgement({ decision, requirements, policy, policies }: Judged): string {
  const rules = decision.findings.map((finding) => [finding.rule, finding.effect, ...placeOf(finding)]);
  return digest({
    effect: decision.effect,
    rules,
    requirements: requirements.map(({ needed, by, class: name, where }) => [
      needed,
      by.map(({ address }) => address),
      name ?? null,
      formatWhere(where),
    ]),
    policy: filesOf(policy, policies),
  });
}

function placeOf({ where, about = [] }: Finding): readonly (string | null | readonly number[])[] {
  return [where === undefined ? null : formatWhere(where), about];
}

/** What is in force for the team: its own file, and the organisation's. */
function filesOf({ team }: TeamPolicy, { files }: PolicySet): readonly (readonly string[])[] {
  return files
    .filter(({ name }) => name === `${team}.yaml` || name.startsWith("_"))
    .map(({ name, hash }) => [name, hash]);
}

function digest(value: unknown): string {
  return sha256(canonicalize(value) ?? "");
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
