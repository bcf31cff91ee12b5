import { z } from "zod";
import { type Codec, list, type Members, member, orNull, shape } from "../codec/shape.ts";
import { INSTANT, NUMBER, TEXT, WORDS } from "../codec/values.ts";
import { type EmailSummary, SUMMARY_MEMBERS } from "./email_summary.ts";
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

const ATTACHMENT = shape<EmailAttachment>({
  name: member("name", z.string()),
  size: member("size", NUMBER),
  contentType: member("content_type", TEXT),
});

type Details = Omit<Email, keyof EmailSummary>;

const notWritten = (): undefined => undefined;

const DETAIL_MEMBERS: Members<Details> = {
  markdown: member("markdown", WORDS),
  attachments: {
    ...list("attachments", ATTACHMENT),
    schema: z
      .array(ATTACHMENT.schema)
      .nullish()
      .transform((attachments) => attachments ?? []),
  },
  approvedAt: member("approved_at", INSTANT, orNull),
  approvedBy: member("approved_by", TEXT, orNull),
  rejectedBy: member("rejected_by", TEXT, notWritten),
  rejectionReason: member("rejection_reason", TEXT, notWritten),
  tags: member("tags", z.record(z.string(), z.string()).optional().catch(undefined)),
};

const DETAILS = shape<Details>(DETAIL_MEMBERS);

const SUMMARY = shape<EmailSummary>(SUMMARY_MEMBERS);

/** What is wrong with the details is told first. */
const WHOLE = shape<Email>({ ...DETAIL_MEMBERS, ...SUMMARY_MEMBERS }, { keeps: () => true });

/** MultiMail's `Email`. */
export const EMAIL: Codec<Email> = {
  read: WHOLE.read,
  // An email says, other than a list, that nobody had a copy.
  write: (email) => ({ ...SUMMARY.write(email), cc: email.cc, ...DETAILS.write(email) }),
};
