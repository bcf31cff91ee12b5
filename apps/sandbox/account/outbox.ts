import type { Email } from "./email.ts";

/** An email that left, as its recipients got it: with the mailbox's automatic copies. */
export interface Delivery {
  readonly email: Email;
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly deliveredAt: number;
}

/** The copy of an email that the oversight address gets in `monitored`. It is no delivery to a recipient. */
export interface OversightCopy {
  readonly email: Email;
  readonly to: string;
  readonly at: number;
}
