/** Countersign has let an email through. */
export interface SentEmail {
  /**
   * `pending`: held until a person approves. `scheduled`: leaves later. `queued`: leaves now.
   * `unconfirmed`: MultiMail did not answer; do not send it again, ask `emailStatus`.
   * `duplicate_of`: it was sent before, as `duplicate_of` says.
   */
  readonly status: "pending" | "scheduled" | "queued" | "unconfirmed" | "duplicate_of";
  /** MultiMail's id, once there is one. */
  readonly id?: string;
  /** Names the record of this email; pass it to `emailStatus`. */
  readonly receipt: string;
  /** MultiMail's own status. */
  readonly multimail_status?: string;
  /** The receipt of the earlier email. */
  readonly duplicate_of?: string;
}
