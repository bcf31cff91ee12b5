import type { Waiting } from "./judge_waiting_email.ts";

/** What an email waits for since, in epoch milliseconds: from when the trail first knows that MultiMail has it. */
export function heldSince({ intent, records }: Pick<Waiting, "intent" | "records">): number {
  const held = records.find(({ record }) => record.kind === "lifecycle" && record.data.event === "held");
  const taken = records.find(({ record }) => record.kind === "outcome");
  return Date.parse((taken ?? held)?.record.at ?? intent.at);
}
