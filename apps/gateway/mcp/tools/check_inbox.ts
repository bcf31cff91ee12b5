import { FIELDS } from "@countersign/core/action";
import { defined } from "@countersign/core/optional";
import { z } from "zod";
import { type EmailTool, emailTool } from "../tool.ts";
import { READING_ADVICE } from "./_advice.ts";

/** Lists a mailbox's email. */
export const checkInbox: EmailTool = emailTool(
  {
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
  },
  z.strictObject({
    limit: FIELDS.limit.default(10),
    since_id: FIELDS.sinceId.optional(),
    unread_only: z.boolean().describe("Only what nobody has read yet.").optional(),
    from: FIELDS.sender.optional(),
    subject: FIELDS.subjectContains.optional(),
    cursor: FIELDS.cursor.optional(),
  }),
  ({ limit, since_id, unread_only, from, subject, cursor }) =>
    defined({ name: "inbox", limit, sinceId: since_id, unreadOnly: unread_only, from, subject, cursor }),
);
