import type { OutcomeData, TrailEntry, TrailRecord } from "@countersign/trail";

/** What MultiMail's answer adds to the trail; fields left out are null. */
export interface OutcomeEntryOptions extends Partial<Omit<OutcomeData, "result" | "learnt_by">> {
  readonly result: OutcomeData["result"];
  readonly learnt_by?: OutcomeData["learnt_by"];
}

/** The record of what MultiMail answered to an intent. An unknown outcome leaves the intent open; a refused one gives back its claims. */
export function outcomeEntry(
  intent: Pick<TrailRecord, "team" | "assistant" | "receipt" | "policy">,
  now: number,
  { result, learnt_by, ...rest }: OutcomeEntryOptions,
): TrailEntry {
  const data: OutcomeData = {
    email: null,
    thread: null,
    multimail_status: null,
    outside: null,
    code: null,
    message: null,
    ...rest,
    result,
    learnt_by: learnt_by ?? "answer",
  };
  return {
    kind: "outcome",
    at: now,
    team: intent.team,
    assistant: intent.assistant,
    receipt: intent.receipt,
    policy: intent.policy,
    data,
    settles: result !== "unknown",
    releases: result === "refused",
  };
}
