import {
  type EntryFrame,
  type IntentData,
  intentEntry,
  lifecycleEntry,
  outcomeEntry,
  type TrailEntry,
  type TrailStore,
} from "@countersign/trail";

/** Email that a test puts on record. */
export interface AppendWaitingOptions {
  readonly count: number;
  /** @default finance */
  readonly team?: string;
  /** @default 0 */
  readonly from?: number;
  /** Whether the n-th is held. @default all */
  readonly held?: (n: number) => boolean;
  /** MultiMail took it. @default true */
  readonly isTaken?: boolean;
  /** When the first was asked for, and each a second after the one before; epoch milliseconds. @default a day ago */
  readonly at?: number;
  /** What is found in the n-th. */
  readonly findings?: (n: number) => IntentData["findings"];
  readonly to?: (n: number) => string;
  readonly subject?: (n: number) => string;
}

/** An email on record. */
export interface AppendedEmail {
  readonly receipt: string;
  /** MultiMail takes it. */
  take(): Promise<void>;
  /** It is cancelled. */
  end(): Promise<void>;
}

/** So many records are appended in one commit. */
const AT_ONCE = 500;

/** Puts email of one team on record, as a gateway does. */
export async function appendWaiting(
  trail: TrailStore,
  options: AppendWaitingOptions,
): Promise<readonly AppendedEmail[]> {
  const { count, team = "finance", from = 0, isTaken = true, at = Date.now() - 86_400_000 } = options;
  const emails: AppendedEmail[] = [];
  let entries: TrailEntry[] = [];
  for (let n = from; n < from + count; n++) {
    const receipt = `rcp_${team}_${String(n).padStart(6, "0")}`;
    const frame = { team, assistant: "chaser", receipt, policy: null, at: at + n * 1_000 };
    const taken = outcomeEntry(frame, frame.at + 100, {
      ...{ result: "accepted", email: `em-${receipt}`, multimail_status: "pending_scan" },
      ...{ code: null, message: null },
    });
    entries.push(intentOf(n, frame, options), ...(isTaken ? [taken] : []));
    emails.push({
      receipt,
      take: async () => void (await trail.append(taken)),
      end: async () => {
        const cancelled = {
          event: "cancelled",
          email: `em-${receipt}`,
          learnt_by: "answer",
          final: true,
        } as const;
        await trail.append(lifecycleEntry(frame, frame.at + 1_000, cancelled));
      },
    });
    if (entries.length >= AT_ONCE || n === from + count - 1) {
      await trail.appendAll(entries);
      entries = [];
    }
  }
  return emails;
}

function intentOf(n: number, frame: EntryFrame, options: AppendWaitingOptions): TrailEntry {
  const { held = () => true, findings = () => [] } = options;
  const { to = () => `person${n}@client.example`, subject = () => `Invoice ${n}` } = options;
  const address = to(n);
  return intentEntry(
    {
      ...{ call: `req_${frame.receipt}`, door: "mcp", action: "send", attempted: null, effect: "allow" },
      ...{ held: held(n), findings: findings(n), mailbox: `mbx-${frame.team}`, about: null },
      recipients: [{ field: "to", address, domain: address.split("@")[1] ?? null }],
      ...{ subject: subject(n), body: "Please pay.", attachments: [], send_at: null },
      ...{ idempotency_key: frame.receipt, caller_key: null },
    },
    frame,
  );
}
