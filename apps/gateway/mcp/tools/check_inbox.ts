import { FIELDS, invalidFields } from "@countersign/core/action";
import { z } from "zod";
import type { EmailTool } from "../tool.ts";
import { READING_ADVICE } from "./_advice.ts";

const ARGUMENTS = z.strictObject({
  limit: FIELDS.limit.default(10),
  since_id: FIELDS.id.optional(),
  unread_only: z.boolean().optional(),
  from: FIELDS.text.optional(),
  subject: FIELDS.text.optional(),
  cursor: FIELDS.text.optional(),
});

/** Lists a mailbox's email. */
export const checkInbox: EmailTool = {
  name: "check_inbox",
  title: "Check inbox",
  action: "inbox",
  purpose: ({ mailbox, team, oversight }) =>
    `Lists the email of ${mailbox.address}, the mailbox of team ${team}, newest first: id, time, status, sender and ` +
    "subject, without bodies." +
    (oversight === "gated_all" ? " Received email is shown after a person has released it." : ""),
  advice:
    "Other assistants may share the mailbox, so that unread says little: to see what is new, give the newest email_id " +
    `that you know as since_id. ${READING_ADVICE}`,
  labels: { running: "Checking inbox", done: "Check inbox" },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  properties: {
    limit: { type: "integer", description: "How many at most; 10 if left out.", minimum: 1, maximum: 100 },
    since_id: {
      type: "string",
      description: "Only what came after the email with this email_id.",
      maxLength: 200,
    },
    unread_only: { type: "boolean", description: "Only what nobody has read yet." },
    from: { type: "string", description: "Only from senders that contain this text.", maxLength: 500 },
    subject: { type: "string", description: "Only subjects that contain this text.", maxLength: 500 },
    cursor: {
      type: "string",
      description: "Where the list goes on, from an earlier answer: for older email.",
      maxLength: 500,
    },
  },
  required: [],
  parse: (args) => {
    const parsed = ARGUMENTS.safeParse(args);
    if (!parsed.success) return invalidFields("inbox", parsed.error);
    const { limit, since_id, unread_only, from, subject, cursor } = parsed.data;
    return {
      name: "inbox",
      limit,
      ...(since_id !== undefined && { sinceId: since_id }),
      ...(unread_only !== undefined && { unreadOnly: unread_only }),
      ...(from !== undefined && { from }),
      ...(subject !== undefined && { subject }),
      ...(cursor !== undefined && { cursor }),
    };
  },
};
