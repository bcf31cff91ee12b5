import type { IntentData } from "../record/intent.ts";
import { isReadable } from "../record/is_readable.ts";
import type { TrailRecord } from "../record/record.ts";
import type { TrailStore } from "../store/store.ts";
import { isOf } from "../store/stored.ts";
import { ocsfEvent } from "./_ocsf_event.ts";
import { openedRecords } from "./_opened_records.ts";
import { sendersOf } from "./_senders.ts";
import type { ExportHeader } from "./export_header.ts";

/** How to write OCSF. */
export interface OcsfOptions {
  /** Which records, and which of their values. */
  readonly header: ExportHeader;
  /** A record in a few words. */
  readonly summarize: (record: TrailRecord) => string;
}

/** Intents that are remembered for what comes after them; others are read again. */
const MAX_INTENTS = 1_000;

/**
 * An export as OCSF 1.8.0 Email Activity (class 4009), one event a line: what was asked for and decided, what MultiMail
 * answered, and what became of each email.
 */
export async function* ocsfChunks(
  trail: TrailStore,
  { header, summarize }: OcsfOptions,
): AsyncGenerator<string> {
  const senders = await sendersOf(trail, header);
  const intents = new Map<string, IntentData | undefined>();
  for await (const opened of openedRecords(trail, header)) {
    const { kind, receipt } = opened.record;
    if (kind === "intent" && receipt !== null) intents.set(receipt, readableIntent(opened.record));
    if (kind !== "intent" && receipt !== null && !intents.has(receipt)) {
      const stored = (await trail.recordsOf(receipt)).find(isOf("intent"));
      intents.set(receipt, stored && readableIntent(stored.record));
    }
    const oldest = intents.size > MAX_INTENTS ? intents.keys().next().value : undefined;
    if (oldest !== undefined) intents.delete(oldest);
    const intent = intents.get(receipt ?? "");
    const { origin } = header;
    const event = ocsfEvent(opened, { origin, intent, senders, message: summarize(opened.record) });
    if (event !== undefined) yield `${JSON.stringify(event)}\n`;
  }
}

/** Undefined: it does not hold what an intent holds. */
function readableIntent(record: TrailRecord<"intent">): IntentData | undefined {
  return isReadable(record) ? record.data : undefined;
}
