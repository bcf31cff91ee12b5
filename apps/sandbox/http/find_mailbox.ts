import type { Context } from "hono";
import type { Account } from "../account/account.ts";
import type { Mailbox } from "../account/mailbox.ts";
import { ApiError } from "./api_error.ts";
import type { SandboxEnv } from "./sandbox_env.ts";

/** The mailbox that the path's `mailboxId` names. Throws an `ApiError` 404. */
export function findMailbox(account: Account, c: Context<SandboxEnv>): Mailbox {
  const mailbox = account.mailboxes.get(c.req.param("mailboxId") ?? "");
  if (mailbox === undefined) throw new ApiError(404, "Mailbox not found");
  return mailbox;
}
