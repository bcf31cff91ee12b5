import type { Account } from "../account/account.ts";
import type { OperatorMail } from "../account/operator_codes.ts";
import { ApiError } from "./api_error.ts";

/** The answer to the first of the two calls that need the operator. Its fields are ours: MultiMail documents none. */
export interface CodeMailed {
  readonly status: "approval_required";
  readonly message: string;
}

/**
 * Asks the operator about a request: without a code one is mailed and its answer (202) is returned; with the right
 * one, undefined. Throws an `ApiError` 403 for a code that was not mailed for exactly this, has expired or was used.
 */
export function requireOperatorCode(
  account: Account,
  request: Pick<OperatorMail, "purpose" | "mailbox_id" | "detail">,
  code: string | undefined,
): CodeMailed | undefined {
  if (code === undefined) {
    account.codes.mail(request);
    return {
      status: "approval_required",
      message: "A code was mailed to the operator. Repeat the request with approval_code",
    };
  }
  if (account.codes.redeem(code, request) === undefined) {
    throw new ApiError(403, "Invalid or expired approval code");
  }
  return undefined;
}
