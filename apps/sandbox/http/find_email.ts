import type { Context } from "hono";
import type { Account } from "../account/account.ts";
import type { Email } from "../account/email.ts";
import { ApiError } from "./api_error.ts";
import { findMailbox } from "./find_mailbox.ts";
import type { SandboxEnv } from "./sandbox_env.ts";

/** The email that the path's `emailId` names, if it is in the path's mailbox. Throws an `ApiError` 404. */
export function findEmail(account: Account, c: Context<SandboxEnv>): Email {
  const mailbox = findMailbox(account, c);
  const email = account.emails.get(c.req.param("emailId") ?? "");
  if (email?.mailboxId !== mailbox.id) throw new ApiError(404, "Email not found");
  return email;
}
