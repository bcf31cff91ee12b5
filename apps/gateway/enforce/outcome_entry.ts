import { type OutcomeData, Sealer, type TrailEntry, type TrailRecord } from "@countersign/trail";

/** What MultiMail's answer adds to the trail; fields left out are null. */
export interface OutcomeEntryOptions
  extends Partial<Omit<OutcomeData, "result" | "learnt_by" | "multimail_text">> {
  readonly result: OutcomeData["result"];
  readonly learnt_by?: OutcomeData["learnt_by"];
  /** What MultiMail said: it is sealed. */
  readonly multimailText?: string;
}

/** The record of what MultiMail answered to an intent. An unknown outcome leaves the intent open; a refused one gives back its claims. */
export function outcomeEntry(
  intent: Pick<TrailRecord, "team" | "assistant" | "receipt" | "policy">,
  now: number,
  { result, learnt_by, multimailText, ...rest }: OutcomeEntryOptions,
): TrailEntry<"outcome"> {
  const sealer = new Sealer();
  const data: OutcomeData = {
    email: null,
    thread: null,
    multimail_status: null,
    outside: null,
    code: null,
    message: null,
    multimail_text: multimailText === undefined ? null : sealer.seal("text", multimailText),
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
    sealed: sealer.values,
  };
}
