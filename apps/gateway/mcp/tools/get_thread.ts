import { FIELDS } from "@countersign/core/action";
import { z } from "zod";
import { type EmailTool, emailTool } from "../tool.ts";
import { READING_ADVICE } from "./_advice.ts";

/** Lists one conversation. */
export const getThread: EmailTool = emailTool(
  {
    name: "get_thread",
    title: "Get thread",
    action: "thread",
    purpose: () => "Lists the emails of one conversation, newest first, without bodies.",
    advice: READING_ADVICE,
    labels: { running: "Getting conversation", done: "Get conversation" },
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  },
  z.strictObject({ thread_id: FIELDS.threadId.describe("The thread_id, from check_inbox or read_email.") }),
  ({ thread_id }) => ({ name: "thread", threadId: thread_id }),
);
