import { FIELDS, invalidFields } from "@countersign/core/action";
import { z } from "zod";
import type { EmailTool } from "../tool.ts";
import { RECEIPT } from "./_properties.ts";

const ARGUMENTS = z
  .strictObject({ receipt: FIELDS.receipt.optional(), waiting: z.boolean().optional() })
  .refine(({ receipt, waiting }) => !(waiting && receipt !== undefined), {
    path: ["waiting"],
    error: "Give a receipt or waiting, not both",
  });

/** Tells what became of an email. */
export const emailStatus: EmailTool = {
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
  properties: {
    receipt: { ...RECEIPT, description: `${RECEIPT.description} Leave it out for your latest email.` },
    waiting: { type: "boolean", description: "true: list all of your emails that wait. Not with a receipt." },
  },
  required: [],
  parse: (args) => {
    const parsed = ARGUMENTS.safeParse(args);
    if (!parsed.success) return invalidFields("status", parsed.error);
    const { receipt, waiting } = parsed.data;
    return { name: "status", ...(receipt !== undefined && { receipt }), ...(waiting && { waiting }) };
  },
};
