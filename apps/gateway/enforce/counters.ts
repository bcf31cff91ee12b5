import { createHash } from "node:crypto";
import type { LimitCounter } from "@countersign/core/decision";
import type { AssistantRef } from "@countersign/core/policy";
import type { CounterWindow, Reservation } from "@countersign/trail";

/** The trail's counter of a limit. A recipient, a domain and a person enter it as hashes: counters outlive what may be erased. */
export function counterOf(
  { limit, recipient, domain, user, rate }: LimitCounter,
  { team, assistant }: AssistantRef,
): CounterWindow {
  const counters: Readonly<Record<LimitCounter["limit"], string>> = {
    team: `team ${team}`,
    per_assistant: `assistant ${team}/${assistant}`,
    per_recipient: `recipient ${team} ${sha256(recipient)}`,
    per_domain: `domain ${team} ${sha256(domain)}`,
    per_user: `user ${team} ${sha256(user)}`,
  };
  return { counter: counters[limit], windowMs: rate.windowMs };
}

/** What an email reserves of its limits, together with its intent. Limits that only warn count without refusing. */
export function reservationsOf(
  counters: readonly LimitCounter[],
  caller: AssistantRef,
  { enforced }: { readonly enforced: boolean },
): readonly Reservation[] {
  return counters.map((counter) => ({
    ...counterOf(counter, caller),
    max: enforced ? counter.rate.count : Number.MAX_SAFE_INTEGER,
  }));
}

function sha256(text = ""): string {
  return createHash("sha256").update(text).digest("hex");
}
