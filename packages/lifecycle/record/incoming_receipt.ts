/**
 * What the trail calls a received email on which a person decided in the console: nobody asked for it, so it has no receipt of
 * its own. `emailId` is MultiMail's.
 */
export function incomingReceipt(emailId: string): string {
  return `${RECEIVED}${emailId}`;
}

/** Whether a receipt is what the trail calls a received email. */
export function isIncomingReceipt(receipt: string): boolean {
  return receipt.startsWith(RECEIVED);
}

/** No receipt of an email that somebody asked for begins so. */
const RECEIVED = "in_";

/** MultiMail's status of received email that waits for a person. */
export const PENDING_INCOMING = "pending_inbound_approval";
