import type { IntentData } from "../record/intent.ts";
import { isReadable } from "../record/is_readable.ts";
import type { LifecycleEvent } from "../record/lifecycle.ts";
import type { OutcomeData } from "../record/outcome.ts";
import { personOf } from "../record/person_of.ts";
import type { TrailRecord } from "../record/record.ts";
import { subjectOf } from "../record/subject_of.ts";
import type { TrailStore } from "../store/store.ts";
import { type OpenedRecord, openedRecords, openRecord } from "./_opened_records.ts";
import { wantedBy } from "./_selection.ts";
import { csvCell } from "./csv_cell.ts";
import { attachmentsText, type CsvOptions, rolesText, rulesText, userCells } from "./csv_chunks.ts";
import type { ExportHeader } from "./export_header.ts";

/** An email that was asked for: its intent, and what became of it. */
interface Email {
  readonly intent: OpenedRecord<"intent">;
  readonly data: IntentData;
  readonly outcomes: readonly OutcomeData[];
  readonly steps: readonly Step[];
}

/** One of which no intent holds what an intent holds. */
interface Unreadable {
  readonly unreadable: TrailRecord<"intent">;
}

interface Step {
  readonly event: LifecycleEvent | "accepted";
  /** When it happened, as far as MultiMail says; else when it was learnt. ISO 8601. */
  readonly at: string;
  readonly person: string | null;
  readonly reason: string | null;
  /** Of what kind that person is, `unknown` when MultiMail names only its account. */
  readonly decidedBy?: string | undefined;
}

type Column = (email: Email) => string | number | null;

const EVENTS: readonly Step["event"][] = [
  ...(["accepted", "held", "approved", "rejected", "scheduled", "cancelled"] as const),
  ...(["sent", "delivered", "bounced", "complained", "send_failed"] as const),
];

/** A person's decision. */
const decided = ({ steps }: Email): Step | undefined =>
  steps.findLast(({ event }) => event === "approved" || event === "rejected");

const COLUMNS: Readonly<Record<string, Column>> = {
  receipt: ({ intent: { record } }) => record.receipt,
  team: ({ intent: { record } }) => record.team,
  assistant: ({ intent: { record } }) => record.assistant,
  action: ({ data }) => data.action,
  effect: ({ data }) => data.effect,
  held: ({ data }) => (data.held && data.effect === "allow" ? "yes" : null),
  state: stateOf,
  rules: ({ data }) => rulesText(data),
  recipients: ({ data, intent }) => rolesText(data, intent.values),
  subject: ({ data, intent }) => subjectOf(data, intent.values) ?? null,
  attachments: ({ data, intent }) => attachmentsText(data, intent.values),
  bytes: ({ data }) => data.attachments.reduce((sum, { bytes }) => sum + bytes, data.body_bytes),
  approver: (email) => decided(email)?.person ?? null,
  decided_by: (email) => decided(email)?.decidedBy ?? null,
  reason: (email) => decided(email)?.reason ?? null,
  waited_seconds: waitedSeconds,
  asked_at: ({ intent: { record } }) => record.at,
  send_at: ({ data }) => data.send_at,
  ...Object.fromEntries(
    EVENTS.map((name) => [
      `${name}_at`,
      ({ steps }: Email) => steps.find(({ event }) => event === name)?.at ?? null,
    ]),
  ),
  multimail_email: ({ outcomes }) => outcomes.find(({ email }) => email !== null)?.email ?? null,
  mailbox: ({ data }) => data.mailbox,
  policy: ({ intent: { record } }) => record.policy,
  ...Object.fromEntries(
    (["user", "user_subject", "user_issuer", "assistant_proven"] as const).map((name) => [
      name,
      ({ data, intent }: Email) => userCells(data, intent.values)[name],
    ]),
  ),
};

/**
 * An export as CSV for people with a line for each email that was asked for, denied ones too, and the times of every step.
 * Of an export of a time, it has the emails that were asked for in it, with whatever became of them until the export.
 */
export async function* csvEmailChunks(
  trail: TrailStore,
  { header, bom = false }: Omit<CsvOptions, "summarize">,
): AsyncGenerator<string> {
  yield `${bom ? "\ufeff" : ""}${Object.keys(COLUMNS).join()}\r\n`;
  const columns = Object.values(COLUMNS);
  for await (const receipt of receiptsOf(trail, header)) {
    const email = await readEmail(trail, receipt, header);
    if (email !== undefined && "unreadable" in email) yield unreadableLine(email);
    else if (email !== undefined) yield `${columns.map((column) => csvCell(column(email))).join()}\r\n`;
  }
}

/** All that can be told: whose it was, when, and that it is unreadable. */
function unreadableLine({ unreadable: { receipt, team, assistant, at, policy } }: Unreadable): string {
  const cells: Readonly<Record<string, string | null>> = {
    ...{ receipt, team, assistant, policy },
    ...{ state: "unreadable", asked_at: at },
  };
  return `${Object.keys(COLUMNS)
    .map((name) => csvCell(cells[name] ?? null))
    .join()}\r\n`;
}

/** Each once, in order: of what was asked for; where the filter is for another kind of record, of those. */
async function* receiptsOf(trail: TrailStore, header: ExportHeader): AsyncGenerator<string> {
  const { kind, by } = await wantedBy(trail, header);
  const isOfIntents = kind === undefined && by === undefined;
  const seen = new Set<string>();
  for await (const { record } of openedRecords(trail, header, isOfIntents ? ["intent"] : undefined)) {
    const { receipt } = record;
    if (receipt === null || seen.has(receipt)) continue;
    seen.add(receipt);
    yield receipt;
  }
}

/** Undefined: it is about no email. */
async function readEmail(
  trail: TrailStore,
  receipt: string,
  header: ExportHeader,
): Promise<Email | Unreadable | undefined> {
  const outcomes: OutcomeData[] = [];
  const steps: Step[] = [];
  let intent: OpenedRecord<"intent"> | undefined;
  let unreadable: TrailRecord<"intent"> | undefined;
  for (const { record } of await trail.recordsOf(receipt)) {
    if (record.seq >= header.record) break;
    const { at } = record;
    if (!isReadable(record)) {
      unreadable ??= record.kind === "intent" ? record : undefined;
      continue;
    }
    if (record.kind === "intent") intent ??= await openRecord(trail, record, header);
    if (record.kind === "outcome") {
      const { data } = record;
      outcomes.push(data);
      if (data.result === "accepted") steps.push({ event: "accepted", at, person: null, reason: null });
    }
    if (record.kind === "lifecycle" && record.data.event !== "unknown") {
      const { values } = await openRecord(trail, record, header);
      const { event, happened_at, reason, decided_by: decidedBy } = record.data;
      const person = values.get(personOf(record) ?? "") ?? null;
      steps.push({
        ...{ event, at: happened_at ?? at, person, decidedBy },
        reason: values.get(reason ?? "") ?? null,
      });
    }
  }
  if (intent === undefined && unreadable !== undefined) return { unreadable };
  const data = intent?.record.data;
  if (intent === undefined || data === undefined || !/^(?:send|reply|report)$/.test(data.action))
    return undefined;
  return { intent, data, outcomes, steps };
}

/** What was heard last. */
function stateOf({ data, outcomes, steps }: Email): string {
  if (data.effect === "deny") return "denied";
  return steps.at(-1)?.event ?? outcomes.at(-1)?.result ?? "open";
}

/** From when it was asked for until a person decided. */
function waitedSeconds(email: Email): number | null {
  const step = decided(email);
  if (step === undefined) return null;
  const waited = Date.parse(step.at) - Date.parse(email.intent.record.at);
  return Math.max(0, Math.round(waited / 1000));
}
