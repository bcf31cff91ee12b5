import { ask } from "./_ask.ts";
import { path } from "./_path.ts";
import type { ActionOptions } from "./action_options.ts";

/** What became of an email. Holds more than is named here. */
export interface EmailStatus {
  readonly status: string;
  readonly receipt?: string;
  /** MultiMail's id, once there is one. */
  readonly id?: string;
  /** MultiMail's own status. */
  readonly multimail_status?: string;
  readonly [field: string]: unknown;
}

/** Asks what became of the email that `receipt` names. Throws a `CountersignError`. */
export async function emailStatus(
  apiKey: string,
  receipt: string,
  options: ActionOptions = {},
): Promise<EmailStatus> {
  return ask(
    apiKey,
    {
      doing: "ask for the email's status",
      subject: "Status",
      path: path`/v1/receipts/${receipt}`,
      field: "status",
    },
    options,
  );
}
