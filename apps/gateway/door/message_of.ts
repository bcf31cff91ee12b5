import type { Decision, Finding, JudgedRecipient } from "@countersign/core/decision";

/** A finding's sentence, led by the recipients that it is about: the same from every door. */
export function messageOf({ message, about }: Finding, recipients: Decision["recipients"]): string {
  const names = (about ?? []).map((index) => nameOf(recipients, index));
  return names.length === 0 ? message : `${names.join(", ")}: ${message}`;
}

function nameOf(recipients: Decision["recipients"], index: number): string {
  const recipient: JudgedRecipient | undefined = recipients[index];
  if (recipient?.parsed.ok) return recipient.parsed.address.address;
  // What strangers wrote into an email's headers is not repeated as if it were ours.
  if (recipient?.field === "participant") return `Participant ${index + 1} of the email replied to`;
  return JSON.stringify((recipient?.text ?? "").slice(0, 100));
}
