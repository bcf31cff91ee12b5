/**
 * What the trail calls a received email on which a person decided in the console: nobody asked for it, so it has no receipt of
 * its own. `emailId` is MultiMail's.
 */
export function incomingReceipt(emailId: string): string {
  return `in_${emailId}`;
}
