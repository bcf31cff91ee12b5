import type { Waiting } from "@countersign/lifecycle";
import { type Email, type MultiMailClient, MultiMailError } from "@countersign/multimail";
import type { JudgeAgainWorld } from "./judge_again_world.ts";

/** An email at MultiMail. */
export interface ShownEmail {
  readonly email: Email;
  /** Which shows it, and can cancel it. */
  readonly client: MultiMailClient;
}

/**
 * The email as MultiMail shows it, and with which key; undefined: there is none.
 *
 * @throws {MultiMailError} the last one, when it is shown with none
 */
export async function showEmail(
  { mailbox, emailId }: Waiting,
  { clientsOf }: Pick<JudgeAgainWorld, "clientsOf">,
): Promise<ShownEmail | undefined> {
  let last: MultiMailError | undefined;
  for (const client of clientsOf(mailbox)) {
    try {
      return { client, email: await client.getEmail(mailbox, emailId) };
    } catch (error) {
      if (!(error instanceof MultiMailError)) throw error;
      last = error;
    }
  }
  if (last !== undefined) throw last;
  return undefined;
}
