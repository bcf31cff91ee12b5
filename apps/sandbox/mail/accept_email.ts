import { hash } from "node:crypto";
import type { Account } from "../account/account.ts";
import type { Draft, Email } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";
import { ApiError } from "../http/api_error.ts";
import { releaseEmail } from "./release_email.ts";
import { setStatus } from "./set_status.ts";
import { storeEmail } from "./store_email.ts";

/** What became of a request to send: a new email, or the one that its idempotency key made before. */
export type Acceptance =
  | { readonly kind: "accepted"; readonly email: Email }
  | { readonly kind: "repeated"; readonly id: string };

/**
 * Takes an outbound email and starts its scan. Nothing in here waits, so that parallel requests with one idempotency
 * key make one email. Throws an `ApiError`: 403 when the mailbox is read-only, 409 when the account sent the same
 * within 60 seconds.
 */
export function acceptEmail(account: Account, mailbox: Mailbox, draft: Draft, threadId?: string): Acceptance {
  // Before the idempotency key: the mode is said to close the route, and a client must not take 403 for "never sent".
  if (mailbox.oversightMode === "read_only") {
    throw new ApiError(
      403,
      `Mailbox is read_only and cannot send. To upgrade, call POST /v1/mailboxes/${mailbox.id}/request-upgrade with {"target_mode": "gated_send"}, then POST /v1/mailboxes/${mailbox.id}/upgrade with the code mailed to the operator`,
    );
  }
  const { idempotencyKey } = draft;
  if (idempotencyKey !== null) {
    // MultiMail does not say what the same key with another body, or in another mailbox, does: the first email wins.
    const id = account.idempotencyKeys.get(idempotencyKey);
    if (id !== undefined) return { kind: "repeated", id };
  }
  const content = hashContent(mailbox, draft);
  if (account.recentContents.get(content) !== undefined) {
    throw new ApiError(409, "Duplicate email: identical content was sent within the last 60 seconds");
  }
  const email = storeEmail(account, mailbox, {
    ...draft,
    direction: "outbound",
    from: mailbox.address,
    status: "pending_scan",
    ...(threadId !== undefined && { threadId }),
  });
  account.recentContents.set(content, email.id);
  if (idempotencyKey !== null) account.idempotencyKeys.set(idempotencyKey, email.id);
  account.agenda.at(account.now() + account.scanMs, () => finishScan(account, mailbox, email));
  return { kind: "accepted", email };
}

function hashContent(mailbox: Mailbox, { to, cc, bcc, subject, markdown }: Draft): string {
  return hash("sha256", JSON.stringify([mailbox.id, to, cc, bcc, subject, markdown]), "base64");
}

/** The text that every spam filter catches on purpose (GTUBE), to try what a caught email does to a client. */
const GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

/**
 * Ends the scan of an outbound email, unless it was cancelled meanwhile. What MultiMail does with one that its scan
 * rejects is undocumented: here it becomes `send_failed`.
 */
function finishScan(account: Account, mailbox: Mailbox, email: Email): void {
  if (email.status !== "pending_scan") return;
  if (email.markdown.includes(GTUBE)) {
    email.spamVerdict = "spam";
    setStatus(account, email, "send_failed");
  } else {
    releaseEmail(account, mailbox, email);
  }
}
