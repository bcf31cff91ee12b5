import type { MultiMailError, MultiMailErrorCode } from "@countersign/multimail";
import type { Code } from "./code.ts";

/** How a failure of MultiMail is told to the caller: our code, and one sentence. */
const FAILURES: Readonly<Record<MultiMailErrorCode, { readonly code: Code; readonly message: string }>> = {
  auth: {
    code: "multimail_auth",
    message: "MultiMail did not accept the gateway's key; the platform team must look",
  },
  forbidden: {
    code: "multimail_auth",
    message: "MultiMail does not let the gateway do this; the platform team must look",
  },
  read_only: { code: "multimail_rejected", message: "MultiMail lets this mailbox only be read" },
  not_found: { code: "not_found", message: "MultiMail has no such mailbox or email" },
  conflict: { code: "multimail_rejected", message: "MultiMail refused this as a conflict" },
  too_large: { code: "multimail_rejected", message: "MultiMail found the email too large" },
  rejected: { code: "multimail_rejected", message: "MultiMail refused the request" },
  warmup: {
    code: "multimail_quota",
    message: "The mailbox is new and has sent all it may today; try again tomorrow",
  },
  quota: {
    code: "multimail_quota",
    message: "The month's quota at MultiMail is used up; trying again does not help",
  },
  rate: { code: "multimail_rate", message: "MultiMail wants fewer requests; try again later" },
  unavailable: { code: "multimail_unavailable", message: "MultiMail cannot be reached; try again later" },
  unknown_outcome: { code: "multimail_unavailable", message: "MultiMail did not answer; try again later" },
};

/** Our code and sentence for a failure of MultiMail, with MultiMail's own text where it gave one. */
export function failureOf(error: MultiMailError): { readonly code: Code; readonly message: string } {
  const { code, message } = FAILURES[error.code];
  return { code, message: error.multimailText ? `${message}: ${error.multimailText}` : message };
}
