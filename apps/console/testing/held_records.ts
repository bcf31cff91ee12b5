import { intentEntry, lifecycleEntry, outcomeEntry, type TrailEntry } from "@countersign/trail";

/** An email of a sample that waits for a person. */
export interface HeldSample {
  readonly receipt: string;
  readonly team: string;
  readonly assistant: string;
  /** Since when it waits; epoch milliseconds. */
  readonly at: number;
  readonly subject?: string;
  readonly to?: string;
}

/** The records of an email that waits. */
export function heldEntries({
  receipt,
  team,
  assistant,
  at,
  subject = "Secret plan",
  to = "jane@client.example",
}: HeldSample): readonly TrailEntry[] {
  const frame = { team, assistant, receipt, policy: "ab".repeat(32) };
  const email = `em-${receipt}`;
  return [
    intentEntry(
      {
        ...{ call: `req_${receipt}`, door: "mcp", action: "send", attempted: null, effect: "allow" },
        ...{ held: true, findings: [], recipients: [{ field: "to", address: to, domain: "client.example" }] },
        ...{
          mailbox: `mbx-${team}`,
          about: null,
          subject,
          body: "Dear Jane",
          attachments: [],
          send_at: null,
        },
        ...{ idempotency_key: receipt, caller_key: null },
      },
      { ...frame, at },
    ),
    outcomeEntry(frame, at, {
      ...{ result: "accepted", email, multimail_status: "pending_send_approval", code: null, message: null },
    }),
    lifecycleEntry(frame, at, { event: "held", email, learnt_by: "polling" }),
  ];
}

/** The record that somebody rejected it at MultiMail. */
export function rejectedEntry({ receipt, team, assistant }: HeldSample, at: number): TrailEntry {
  const frame = { team, assistant, receipt, policy: "ab".repeat(32) };
  const email = `em-${receipt}`;
  return lifecycleEntry(frame, at, { event: "rejected", email, learnt_by: "polling", final: true });
}
