import {
  type ExportData,
  exportEntry,
  type RecordFilter,
  type SealedKind,
  type TrailStore,
} from "@countersign/trail";
import { requireBodyReader } from "../body_readers.ts";
import type { ExportFlags } from "./export_flags.ts";

/** What `--values` adds, and what `--bodies` adds to that. */
const NAMES: readonly SealedKind[] = ["address", "subject", "attachment_name", "caller_key", "text"];
const BODIES: readonly SealedKind[] = ["body", "attachment"];

/** An export that is on record. */
export interface RecordedExport {
  readonly data: ExportData;
  /** Of its record. */
  readonly record: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Puts on record that data is taken out, what, and by whom: before the first byte of it leaves. For bodies, only if this
 * person may see them.
 *
 * @throws {Error} when they may not
 * @throws {TrailUnavailableError} when it cannot be recorded; then nothing may leave
 */
export async function recordExport(
  trail: TrailStore,
  flags: ExportFlags,
  filter: RecordFilter,
): Promise<RecordedExport> {
  const { bodies = false, values = false, reason, by, format } = flags;
  if (bodies) await requireBodyReader(trail, { asked: "export", reason: reason ?? "" });
  const { team = null, assistant = null, receipt = null, rule = null, effect = null } = filter;
  const { kind, recipient, email, by: person, user } = filter;
  const at = Date.now();
  const entry = exportEntry(
    {
      format,
      since: isoOf(filter.since),
      until: isoOf(filter.until),
      filter: {
        ...{ team, assistant, receipt, rule, effect },
        ...(kind !== undefined && { kind }),
        ...(recipient !== undefined && { recipient }),
        ...(email !== undefined && { email }),
        ...(person !== undefined && { by: person }),
        ...(user !== undefined && { user }),
      },
      values: [...(values || bodies ? NAMES : []), ...(bodies ? BODIES : [])],
      by,
      reason: reason ?? null,
    },
    at,
  );
  const { seq } = await trail.append(entry);
  return { data: entry.data, record: seq, at };
}

function isoOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
