import type { Account } from "../account/account.ts";
import type { Email } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";
import { releaseEmail } from "./release_email.ts";
import { setStatus } from "./set_status.ts";

/** The text that every spam filter catches on purpose (GTUBE), to try what a caught email does to a client. */
const GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

/**
 * Ends the scan of an outbound email, unless it was cancelled meanwhile. What MultiMail does with one that its scan
 * rejects is undocumented: here it becomes `send_failed`.
 */
export function finishScan(account: Account, mailbox: Mailbox, email: Email): void {
  if (email.status !== "pending_scan") return;
  if (email.markdown.includes(GTUBE)) {
    email.spamVerdict = "spam";
    setStatus(account, email, "send_failed");
  } else {
    releaseEmail(account, mailbox, email);
  }
}
