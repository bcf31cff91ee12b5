/** A time of an email as MultiMail writes it: ISO 8601, UTC. Mailboxes have epoch milliseconds instead. */
export function writeTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
