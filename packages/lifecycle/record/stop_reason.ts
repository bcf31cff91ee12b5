import type { DriftData } from "@countersign/trail";

/** Why a mailbox is stopped, for people, from the record that stopped it. */
export function stopReason({ because, settings }: Pick<DriftData, "because" | "settings">): string {
  return `Stopped because the email of receipt ${because} at MultiMail differed from what was authorised: ${settings.join(", ")}`;
}
