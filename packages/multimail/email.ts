import { z } from "zod";
import { defined, INSTANT, NUMBER, TEXT } from "./_wire.ts";
import { convertEmailSummary, type EmailSummary, toWireEmailSummary } from "./email_summary.ts";
import type { Tags } from "./tags.ts";

/** A file of an email, without its content. */
export interface EmailAttachment {
  readonly name: string;
  /** Bytes. */
  readonly size?: number;
  readonly contentType?: string;
}

/** An email with its body. */
export interface Email extends EmailSummary {
  /** Empty when MultiMail shows no body, as it does for held inbound email. */
  readonly markdown: string;
  readonly attachments: readonly EmailAttachment[];
  readonly approvedAt?: string;
  readonly approvedBy?: string;
  /** Who rejected it, and why: MultiMail documents no field for either, so that they are mostly absent. */
  readonly rejectedBy?: string;
  readonly rejectionReason?: string;
  readonly tags?: Tags;
}

const WIRE = z.looseObject({
  markdown: TEXT,
  attachments: z.array(z.looseObject({ name: z.string(), size: NUMBER, content_type: TEXT })).nullish(),
  approved_at: INSTANT,
  approved_by: TEXT,
  rejected_by: TEXT,
  rejection_reason: TEXT,
  tags: z.record(z.string(), z.string()).optional().catch(undefined),
});

/** Converts MultiMail's `Email`. Throws a `ZodError` when it is none. */
export function convertEmail(wire: unknown): Email {
  const email = WIRE.parse(wire);
  return {
    ...convertEmailSummary(wire, [WIRE]),
    ...defined({
      markdown: email.markdown ?? "",
      attachments: (email.attachments ?? []).map(({ name, size, content_type }) =>
        defined({ name, size, contentType: content_type }),
      ),
      approvedAt: email.approved_at,
      approvedBy: email.approved_by,
      rejectedBy: email.rejected_by,
      rejectionReason: email.rejection_reason,
      tags: email.tags,
    }),
  };
}

/** Converts an email back into MultiMail's `Email`. */
export function toWireEmail(email: Email): Record<string, unknown> {
  return {
    ...toWireEmailSummary(email),
    ...defined({
      cc: email.cc,
      markdown: email.markdown,
      attachments: email.attachments.map(({ name, size, contentType }) =>
        defined({ name, size, content_type: contentType }),
      ),
      approved_at: email.approvedAt ?? null,
      approved_by: email.approvedBy ?? null,
      tags: email.tags,
    }),
  };
}
