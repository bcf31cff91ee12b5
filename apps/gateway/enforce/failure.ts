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
    message:
      "The account's quota for the month at MultiMail is used up, for every team; trying again does not help",
  },
  rate: { code: "multimail_rate", message: "MultiMail wants fewer requests; try again later" },
  unavailable: { code: "multimail_unavailable", message: "MultiMail cannot be reached; try again later" },
  unknown_outcome: { code: "multimail_unavailable", message: "MultiMail did not answer; try again later" },
};

/** A limit that other teams with the same key have used up, and wait for too. */
const ACCOUNT_RATE = {
  code: "multimail_rate",
  message: "MultiMail wants fewer requests of the whole account, which teams share; try again later",
} as const;

/** How a failure of MultiMail is told, and what is put on record of it. */
export interface Failure {
  readonly code: Code;
  /** For the caller: one sentence, with MultiMail's own text where it gave one. */
  readonly message: string;
  /** For the trail: MultiMail's text may repeat an address or a subject, and is sealed. */
  readonly recorded: { readonly code: Code; readonly message: string; readonly multimailText?: string };
}

/** Our code and sentence for a failure of MultiMail. */
export function failureOf({ code: multimailCode, limits, multimailText }: MultiMailError): Failure {
  const { code, message } =
    multimailCode === "rate" && limits === "account" ? ACCOUNT_RATE : FAILURES[multimailCode];
  return multimailText
    ? { code, message: `${message}: ${multimailText}`, recorded: { code, message, multimailText } }
    : { code, message, recorded: { code, message } };
}
