import { type Action, isEmailAction } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import type { Context, OriginalEmail } from "@countersign/core/decision";
import type { AssistantRef, TeamPolicy } from "@countersign/core/policy";
import { type MultiMailClient, MultiMailError } from "@countersign/multimail";
import type { LiveMailboxes } from "./live_mailboxes.ts";

/** Where the context comes from. */
export interface GatherOptions {
  readonly clock: () => number;
  readonly live: LiveMailboxes;
  readonly clientFor: (policy: TeamPolicy) => MultiMailClient;
}

/** Everything that the rules need to know about the world for this action, as values. Never throws for MultiMail's sake. */
export async function gatherContext(
  policy: TeamPolicy | undefined,
  caller: AssistantRef,
  action: Action,
  options: GatherOptions,
): Promise<Context> {
  const base = { team: caller.team, assistant: caller.assistant };
  if (policy === undefined || action.name === "invalid") return { ...base, now: options.clock() };
  const [live, original] = await Promise.all([
    isEmailAction(action) || action.name === "cancel" ? options.live.get(policy) : options.live.peek(policy),
    action.name === "reply" ? fetchOriginal(policy, action.emailId, options) : undefined,
  ]);
  return {
    ...base,
    now: options.clock(),
    ...(live !== undefined && { live }),
    ...(original !== undefined && { original }),
  };
}

async function fetchOriginal(
  policy: TeamPolicy,
  emailId: string,
  options: GatherOptions,
): Promise<OriginalEmail> {
  try {
    const email = await options.clientFor(policy).getEmail(policy.mailbox.id, emailId);
    return {
      ok: true,
      participants: [email.from, ...email.to, ...email.cc].map((text) => ({
        text,
        parsed: parseAddress(text),
      })),
      status: email.status,
      subject: email.subject,
    };
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    const message =
      error.code === "not_found" ? "this mailbox has no such email" : "MultiMail did not show it";
    return { ok: false, message };
  }
}
