import { FIELDS, invalidFields } from "@countersign/core/action";
import { z } from "zod";
import type { EmailTool } from "../tool.ts";
import { READING_ADVICE } from "./_advice.ts";

const ARGUMENTS = z.strictObject({ thread_id: FIELDS.id });

/** Lists one conversation. */
export const getThread: EmailTool = {
  name: "get_thread",
  title: "Get thread",
  action: "thread",
  purpose: () => "Lists the emails of one conversation, newest first, without bodies.",
  advice: READING_ADVICE,
  labels: { running: "Getting conversation", done: "Get conversation" },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  properties: {
    thread_id: {
      type: "string",
      description: "The thread_id, from check_inbox or read_email.",
      maxLength: 200,
    },
  },
  required: ["thread_id"],
  parse: (args) => {
    const parsed = ARGUMENTS.safeParse(args);
    if (!parsed.success) return invalidFields("thread", parsed.error);
    return { name: "thread", threadId: parsed.data.thread_id };
  },
};
