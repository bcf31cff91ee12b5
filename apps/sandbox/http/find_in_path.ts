import type { Context } from "hono";
import type { Account } from "../account/account.ts";
import type { Email } from "../account/email.ts";
import type { Mailbox } from "../account/mailbox.ts";
import { ApiError } from "./api_error.ts";
import type { SandboxEnv } from "./require_scope.ts";

/** The mailbox that the path's `mailboxId` names. Throws an `ApiError` 404. */
export function findMailbox(account: Account, c: Context<SandboxEnv>): Mailbox {
  const mailbox = account.mailboxes.get(c.req.param("mailboxId") ?? "");
  if (mailbox === undefined) throw new ApiError(404, "Mailbox not found");
  return mailbox;
}

/** The email that the path's `emailId` names, if it is in the path's mailbox. Throws an `ApiError` 404. */
export function findEmail(account: Account, c: Context<SandboxEnv>): Email {
  const mailbox = findMailbox(account, c);
  const email = account.emails.get(c.req.param("emailId") ?? "");
  if (email?.mailboxId !== mailbox.id) throw new ApiError(404, "Email not found");
  return email;
}
