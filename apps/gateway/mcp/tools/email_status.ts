import { FIELDS } from "@countersign/core/action";
import { defined } from "@countersign/core/optional";
import { z } from "zod";
import { type EmailTool, emailTool } from "../tool.ts";

/** Tells what became of an email. */
export const emailStatus: EmailTool = emailTool(
  {
    name: "email_status",
    title: "Email status",
    action: "status",
    purpose: () =>
      "Tells what became of an email, to whom it goes and what about: held, approved or rejected by a person, sent, " +
      "delivered, bounced. By its receipt; without one, of your latest email that the policy let through; with waiting, " +
      "of all of yours that have not left yet.",
    advice:
      "Ask this before you send anything again: when a call gave no answer, timed out or seems lost, the email may have " +
      "left all the same. Compare the time that the answer names. Tell the user that an email was sent only if this says so.",
    labels: { running: "Checking email status", done: "Check email status" },
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  },
  z
    .strictObject({
      receipt: FIELDS.receipt
        .describe(`${FIELDS.receipt.description} Leave it out for your latest email.`)
        .optional(),
      waiting: z
        .boolean()
        .describe("true: list all of your emails that wait. Not with a receipt.")
        .optional(),
    })
    .refine(({ receipt, waiting }) => !(waiting && receipt !== undefined), {
      path: ["waiting"],
      error: "Give a receipt or waiting, not both",
    }),
  ({ receipt, waiting }) => defined({ name: "status", receipt, waiting: waiting || undefined }),
);
