import { ask } from "./_ask.ts";
import { path } from "./_path.ts";
import type { ActionOptions } from "./action_options.ts";

/** An email without its body. Times are ISO 8601. */
export interface InboxEmail {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** MultiMail's text, such as `unread`. */
  readonly status: string;
  readonly direction?: string;
  readonly received_at?: string;
  readonly thread_id?: string | null;
  readonly has_attachments?: boolean;
}

/** One page of a mailbox's email. */
export interface Inbox {
  readonly emails: readonly InboxEmail[];
  /** Absent or `null` on the last page. */
  readonly cursor?: string | null;
}

/** Lists a mailbox's email without bodies. `limit` is 1 to 100. Throws a `CountersignError`. */
export async function checkInbox(
  apiKey: string,
  mailboxId: string,
  limit: number = 10,
  options: ActionOptions = {},
): Promise<Inbox> {
  return ask(
    apiKey,
    {
      doing: "check inbox",
      subject: "Inbox",
      path: `${path`/v1/mailboxes/${mailboxId}/inbox`}?limit=${encodeURIComponent(limit)}`,
      field: "emails",
    },
    options,
  );
}
