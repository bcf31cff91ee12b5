import { z } from "zod";
import { inputSchema } from "../input_schema.ts";
import type { EmailTool } from "../tool.ts";

/** Tells the policy itself. */
export const emailPolicy: EmailTool = {
  name: "email_policy",
  title: "Email policy",
  purpose: ({ team }, { id }) =>
    `Tells what the email policy of team ${team} means for you, ${id}: to whom you may write, what waits for approval ` +
    "and by whom, and what is refused.",
  advice:
    "Ask it when a user wants to know what you may do, or before you promise to send something unusual.",
  labels: { running: "Looking up email policy", done: "Look up email policy" },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  inputSchema: inputSchema(z.strictObject({})),
  parse: () => "policy",
};
