import { signedApprovals } from "@countersign/lifecycle";
import {
  type ApprovalData,
  type Commitment,
  isAppliedChange,
  isOf,
  isReadable,
  type LifecycleData,
  type StoredRecord,
  type TrailRecord,
} from "@countersign/trail";
import type { ConsoleWorld } from "../console_world.ts";
import { maySee, type Roles } from "../people/roles.ts";

/** What was decided. */
export type DecidedEvent = "approved" | "rejected" | "changes_asked" | "expired";

/** What somebody decided on an email that waited, or that nobody did. */
export interface Decision {
  readonly team: string;
  readonly assistant: string | null;
  readonly receipt: string;
  readonly event: DecidedEvent;
  /** In the console, at MultiMail past it, or by the gateway, which gives up. */
  readonly where: "console" | "elsewhere" | "gateway";
  /** It was received, and released to assistants or not. */
  readonly isIncoming: boolean;
  /** Who decided, as far as it is known; undefined: nobody is named; null: it was erased. */
  readonly by: string | null | undefined;
  /** In whose place. */
  readonly standsFor?: string;
  readonly decidedBy: LifecycleData["decided_by"];
  /** Whether the console signed it; absent: it was not decided there. */
  readonly isSigned?: boolean;
  /** How they had signed in; absent: not in the console. */
  readonly auth?: ApprovalData["auth"];
  /** What an approval counts for: the how many-th of how many needed; absent: it ends the waiting by itself. */
  readonly counts?: string;
  /** What is wrong with it, in a sentence; absent: nothing. */
  readonly alarm?: string;
  /** Why, if it was said. */
  readonly reason: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
  /** From when it was asked for until it was decided, in milliseconds; undefined: nobody knows. */
  readonly waitedMs: number | undefined;
}

/** Which decisions. */
export interface DecisionsOptions {
  readonly roles: Roles;
  /** Of this team only. */
  readonly team?: string;
  readonly event?: DecidedEvent;
  readonly where?: Decision["where"];
  /** By people whose address holds this text. */
  readonly by?: string;
  /** Epoch milliseconds, inclusive and exclusive. */
  readonly since?: number;
  readonly until?: number;
}

type World = Pick<ConsoleWorld, "trail" | "deciding">;

/** The decisions that a person may see, the newest first. What the console decided and MultiMail confirmed is one. */
export async function* decisions(
  world: World,
  { roles, event, where, by, ...filter }: DecisionsOptions,
): AsyncGenerator<Decision> {
  const wanted = by?.trim().toLowerCase() ?? "";
  const kinds = ["approval", "lifecycle", "drift"] as const;
  for await (const { record } of world.trail.records({ kinds, newestFirst: true, ...filter })) {
    if (record.team === null || !maySee(roles, record.team)) continue;
    const said = saidIn(record);
    if (said === undefined || (event !== undefined && said.event !== event)) continue;
    if (where !== undefined && said.where !== where) continue;
    const decision = await decisionOf(record, said, world);
    if (decision === undefined) continue;
    if (wanted === "" || (decision.by ?? "").toLowerCase().includes(wanted)) yield decision;
  }
}

/** What a record says of a decision, before anything else is read. */
type Said = Pick<Decision, "event" | "where"> & {
  readonly by: Commitment | null;
  readonly reason: Commitment | null;
};

const DECIDED: Readonly<Record<ApprovalData["decision"], DecidedEvent>> = {
  approve: "approved",
  reject: "rejected",
  ask_for_changes: "changes_asked",
};

function saidIn(record: TrailRecord): Said | undefined {
  if (!isReadable(record)) return undefined;
  if (record.kind === "approval") {
    const { decision, by, reason } = record.data;
    return { event: DECIDED[decision], where: "console", by, reason };
  }
  if (record.kind === "lifecycle" && record.data.event !== "unknown") {
    const { event, by, reason } = record.data;
    if (event === "expired") return { event, where: "gateway", by, reason };
    // Of the console's own it is the same decision once more.
    if (event === "approved" || event === "rejected") return { event, where: "elsewhere", by, reason };
  }
  // Who released received email past the console is on record only if it was somebody who may not.
  if (record.kind === "drift" && !isAppliedChange(record.data)) {
    const { result, email, by = null } = record.data;
    if (result === "decided_by_other" && email !== undefined)
      return { event: "approved", where: "elsewhere", by, reason: null };
  }
  return undefined;
}

async function decisionOf(
  record: TrailRecord,
  { by, reason, ...said }: Said,
  { trail, deciding }: World,
): Promise<Decision | undefined> {
  const { team, assistant, receipt, at } = record;
  if (team === null) return undefined;
  const records = receipt === null ? [] : await trail.recordsOf(receipt);
  const signed = signedApprovals(records, deciding.world.keys);
  if (record.kind === "lifecycle" && said.where === "elsewhere" && isExplained(said.event, signed))
    return undefined;
  const standsFor = record.kind === "approval" ? record.data.stands_for : null;
  const values = await trail.unseal([by, reason, standsFor].filter((one) => one !== null));
  const happened = record.kind === "lifecycle" ? (record.data as LifecycleData).happened_at : null;
  const decidedAt = Date.parse(happened ?? at);
  const askedAt = records.find(isOf("intent"))?.record.at;
  const place = values.get(standsFor ?? "");
  const isSigned = signed.some(({ seq }) => seq === record.seq);
  const alarm = alarmOf(record, { isSigned, records });
  return {
    ...{ team, assistant, receipt: receipt ?? "", ...said },
    isIncoming: record.kind === "drift" || (record.kind === "approval" && record.data.incoming === true),
    by: by === null ? undefined : (values.get(by) ?? null),
    ...(place !== undefined && { standsFor: place }),
    decidedBy: record.kind === "lifecycle" ? (record.data as LifecycleData).decided_by : undefined,
    ...(record.kind === "approval" && { isSigned, auth: record.data.auth, ...countsIn(record.data) }),
    ...(alarm !== undefined && { alarm }),
    reason: reason === null ? undefined : values.get(reason),
    at: decidedAt,
    waitedMs: askedAt === undefined ? undefined : Math.max(0, decidedAt - Date.parse(askedAt)),
  };
}

/** Whether somebody decided so in the console. */
function isExplained(event: DecidedEvent, signed: readonly TrailRecord<"approval">[]): boolean {
  return signed.some(
    ({ data: { completes, decision } }) => completes && (decision === "approve") === (event === "approved"),
  );
}

function countsIn({ counts }: ApprovalData): { readonly counts?: string } {
  const many = counts.filter(({ needed }) => needed > 1);
  return many.length === 0
    ? {}
    : { counts: many.map(({ number, needed }) => `${number} of ${needed}`).join(", ") };
}

function alarmOf(
  { kind, data }: TrailRecord,
  { isSigned, records }: { readonly isSigned: boolean; readonly records: readonly StoredRecord[] },
): string | undefined {
  if (kind === "approval")
    return isSigned ? undefined : "No console signed it: it counts for nothing, and somebody else wrote it";
  const isOther =
    kind === "drift" || (kind === "lifecycle" && (data as LifecycleData).decided_by === "other");
  if (!isOther) return undefined;
  return records.some(({ record }) => record.kind === "drift" && isTooFew(record.data))
    ? "Decided at MultiMail by one, where several must approve"
    : "Decided at MultiMail by somebody who is no approver of the team";
}

function isTooFew(data: TrailRecord<"drift">["data"]): boolean {
  return (
    !isAppliedChange(data) && data.result === "decided_by_other" && data.settings.includes("approval.needed")
  );
}
