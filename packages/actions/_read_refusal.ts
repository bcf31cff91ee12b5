import type { CountersignFailure, Reason } from "./countersign_error.ts";

const MAX_TEXT = 500;
const MAX_REASONS = 20;

/** What an error answer of Countersign says; `undefined` when it is not one of Countersign's. */
export function readRefusal(
  answer: Readonly<Record<string, unknown>>,
  key: string,
): (CountersignFailure & { readonly text: string }) | undefined {
  const clean = (value: unknown) => {
    if (typeof value !== "string") return undefined;
    const line = value.replaceAll(/\p{Cc}+/gu, " ").replaceAll(key, "[key]");
    return line.slice(0, MAX_TEXT).replaceAll(/\p{Surrogate}/gu, "");
  };
  const code = clean(answer.code);
  if (code === undefined) return undefined;
  const reasons = (Array.isArray(answer.reasons) ? answer.reasons : [])
    .slice(0, MAX_REASONS)
    .map((reason): Reason => {
      const where = clean(reason?.where);
      const { rule, message } = { rule: clean(reason?.rule) ?? "", message: clean(reason?.message) ?? "" };
      return { rule, message, ...(where !== undefined && { where }) };
    })
    .filter(({ message }) => message !== "");
  const receipt = clean(answer.receipt);
  const requestId = clean(answer.request_id);
  return {
    text: reasons.map(({ message }) => message).join("; ") || clean(answer.error) || code,
    code,
    reasons,
    ...(receipt !== undefined && { receipt }),
    ...(requestId !== undefined && { requestId }),
  };
}
