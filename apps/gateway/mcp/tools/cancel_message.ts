import { FIELDS } from "@countersign/core/action";
import { z } from "zod";
import { type EmailTool, emailTool } from "../tool.ts";

/** Takes back an email that has not left. */
export const cancelMessage: EmailTool = emailTool(
  {
    name: "cancel_message",
    title: "Cancel message",
    action: "cancel",
    purpose: () =>
      "Takes back an email of your own that has not left yet: one that waits for approval or for its time. " +
      "One that has left cannot be taken back.",
    advice: "The answer's first line is the verdict: only CANCELLED means that it will not be sent.",
    labels: { running: "Cancelling email", done: "Cancel email" },
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  },
  z.strictObject({ receipt: FIELDS.receipt }),
  ({ receipt }) => ({ name: "cancel", receipt }),
);
