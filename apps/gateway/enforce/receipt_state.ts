import type { IntentData, StoredRecord } from "@countersign/trail";
import { settledOutcome } from "./settled_outcome.ts";

/** What became of a call, folded from its records. */
export interface ReceiptState {
  readonly receipt: string;
  readonly team: string;
  readonly assistant: string;
  /** When it was asked; ISO 8601. */
  readonly at: string;
  readonly action: string;
  readonly status: ReceiptStatus;
  /** MultiMail's email id. */
  readonly emailId?: string;
  readonly threadId?: string;
  /** MultiMail's own word. */
  readonly multimailStatus?: string;
  /** Why, where there is more to say. */
  readonly message?: string;
}

/** Where a call stands, from `denied` by policy to `delivered` by MultiMail. */
export type ReceiptStatus =
  | "denied"
  | "unconfirmed"
  | "pending"
  | "scheduled"
  | "queued"
  | "refused"
  | "answered"
  | "sent"
  | "delivered"
  | "bounced"
  | "rejected"
  | "cancelled"
  | "failed";

/** Folds one receipt's records, oldest first. Undefined when there is no intent among them. */
export function receiptState(records: readonly StoredRecord[]): ReceiptState | undefined {
  const intent = records.find(({ record }) => record.kind === "intent")?.record;
  if (intent === undefined) return undefined;
  const data = intent.data as IntentData;
  const base: ReceiptState = {
    receipt: intent.receipt ?? "",
    team: intent.team ?? "",
    assistant: intent.assistant ?? "",
    at: intent.at,
    action: data.action,
    status: data.effect === "deny" ? "denied" : "unconfirmed",
  };
  if (data.effect === "deny") {
    return { ...base, message: data.findings.find(({ effect }) => effect === "deny")?.message ?? "Denied" };
  }
  const outcome = settledOutcome(records);
  if (outcome === undefined) return base;
  if (outcome.result === "answered") return { ...base, status: "answered" };
  if (outcome.result === "refused") {
    return { ...base, status: "refused", ...(outcome.message !== null && { message: outcome.message }) };
  }
  return {
    ...base,
    status: data.held ? "pending" : isLater(data.send_at, intent.at) ? "scheduled" : "queued",
    ...(outcome.email !== null && { emailId: outcome.email }),
    ...(outcome.thread !== null && { threadId: outcome.thread }),
    ...(outcome.multimail_status !== null && { multimailStatus: outcome.multimail_status }),
  };
}

/** Whether `sendAt` asks for a moment after `at`; both ISO 8601. */
export function isLater(sendAt: string | null | undefined, at: string): boolean {
  return typeof sendAt === "string" && Date.parse(sendAt) > Date.parse(at);
}
