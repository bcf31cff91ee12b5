import type { EmailAction } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import type { Claim, Commitment, TrailRecord } from "@countersign/trail";
import { claimsOf } from "../enforce/claims.ts";

/**
 * What an intent's email claims anew when it is found only now that MultiMail took it. Whoever asked for it may have
 * waited for longer than its first claims last, and asks again in a moment: the same email must not leave for that.
 * Nothing is refused for their sake: if somebody else holds one meanwhile, that is who holds it.
 *
 * @param values behind the intent's commitments; the caller's own key counts if it is among them
 * @param now epoch milliseconds
 */
export function claimsOfIntent(
  { team, assistant, data: intent }: Pick<TrailRecord<"intent">, "team" | "assistant" | "data">,
  action: EmailAction,
  { values, now }: { readonly values: ReadonlyMap<Commitment, string>; readonly now: number },
): readonly Claim[] {
  const recipients = intent.recipients.map(({ field, address, composed }) => {
    const text = values.get(address) ?? "";
    return { field, text, parsed: parseAddress(text), ...(composed && { composed }) };
  });
  const call = { caller: { team: team ?? "", assistant: assistant ?? "" }, receivedAt: now };
  const key = intent.caller_key === null ? undefined : values.get(intent.caller_key);
  const { sendAt: _, ...undated } = action.draft;
  // The record has the time at which the email leaves: either it was asked for, or the team's hours made it.
  const drafts = intent.findings.some(({ rule }) => rule === "hours")
    ? [action.draft, undated]
    : [action.draft];
  return drafts
    .map((draft): EmailAction => ({ ...action, draft, ...(key !== undefined && { idempotencyKey: key }) }))
    .flatMap((asked) => claimsOf(call, asked, recipients))
    .map((claim) => ({ ...claim, optional: true }));
}
