import type { Account } from "../account/account.ts";
import type { Email } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";
import { deliverEmail } from "./deliver_email.ts";
import { needsApproval } from "./needs_approval.ts";
import { setStatus } from "./set_status.ts";

/**
 * Takes an outbound email one step further: holds, schedules or delivers it. Asked when its scan ends, when it is
 * approved and when its time has come, so that the mailbox's settings count as they are then.
 */
export function releaseEmail(account: Account, mailbox: Mailbox, email: Email): void {
  const { sendAt } = email;
  const isEarly = sendAt !== null && sendAt > account.now();
  const gateNow = !isEarly || email.gateTiming === "gate_first";
  if (gateNow && needsApproval(mailbox, email)) {
    setStatus(account, email, "pending_send_approval");
  } else if (isEarly) {
    setStatus(account, email, "scheduled");
    account.agenda.at(sendAt, () => {
      if (email.status === "scheduled") releaseEmail(account, mailbox, email);
    });
  } else {
    deliverEmail(account, mailbox, email);
  }
}
