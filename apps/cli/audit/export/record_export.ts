import {
  type ExportData,
  type RecordFilter,
  type SealedKind,
  Sealer,
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
  const sealer = new Sealer();
  const { team = null, assistant = null, receipt = null, rule = null, effect = null } = filter;
  const { kind, recipient, email, by: person } = filter;
  // Whom it is about can be erased; a domain is nobody.
  const sealed = (text: string) => (text.startsWith("@") ? text : sealer.seal("address", text));
  const data: ExportData = {
    format,
    since: isoOf(filter.since),
    until: isoOf(filter.until),
    filter: {
      ...{ team, assistant, receipt, rule, effect },
      ...(kind !== undefined && { kind }),
      ...(recipient !== undefined && { recipient: sealed(recipient) }),
      ...(email !== undefined && { email }),
      ...(person !== undefined && { by: sealer.seal("text", person) }),
    },
    values: [...(values || bodies ? NAMES : []), ...(bodies ? BODIES : [])],
    by: sealer.seal("text", by),
    reason: reason === undefined ? null : sealer.seal("text", reason),
  };
  const at = Date.now();
  const nobody = { team: null, assistant: null, receipt: null, policy: null };
  const { seq } = await trail.append({ kind: "export", at, ...nobody, data, sealed: sealer.values });
  return { data, record: seq, at };
}

function isoOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
