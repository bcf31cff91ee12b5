import { FIELDS, invalidFields } from "@countersign/core/action";
import { z } from "zod";
import type { EmailTool } from "../tool.ts";
import { RECEIPT } from "./_properties.ts";

const ARGUMENTS = z.strictObject({ receipt: FIELDS.receipt });

/** Takes back an email that has not left. */
export const cancelMessage: EmailTool = {
  name: "cancel_message",
  title: "Cancel message",
  action: "cancel",
  purpose: () =>
    "Takes back an email of your own that has not left yet: one that waits for approval or for its time. " +
    "One that has left cannot be taken back.",
  advice: "The answer's first line is the verdict: only CANCELLED means that it will not be sent.",
  labels: { running: "Cancelling email", done: "Cancel email" },
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  properties: { receipt: RECEIPT },
  required: ["receipt"],
  parse: (args) => {
    const parsed = ARGUMENTS.safeParse(args);
    if (!parsed.success) return invalidFields("cancel", parsed.error);
    return { name: "cancel", receipt: parsed.data.receipt };
  },
};
