import type { Account } from "../account/account.ts";
import type { Email, EmailStatus } from "../account/email.ts";
import { ApiError } from "../http/api_error.ts";
import { setStatus } from "./set_status.ts";

const CANCELLABLE: ReadonlySet<EmailStatus> = new Set<EmailStatus>([
  "pending_scan",
  "pending_send_approval",
  "pending_inbound_approval",
  "scheduled",
  "cancelled",
]);

/** Cancels an email that has not left; cancelling again changes nothing. Throws an `ApiError` 409 when it is too late. */
export function cancelEmail(account: Account, email: Email): void {
  if (!CANCELLABLE.has(email.status)) {
    throw new ApiError(409, `Email cannot be cancelled: its status is ${email.status}`);
  }
  setStatus(account, email, "cancelled");
}
