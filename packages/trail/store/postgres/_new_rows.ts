import { isFinal, isTaking } from "../../record/derived.ts";
import type { PreparedEntry } from "../prepare_entry.ts";
import { KEEP_RESERVED_MS } from "../taken_problems.ts";
import { type APPEND_PARAMETERS, DOES } from "./_append_function.ts";
import { columnText } from "./_column_text.ts";

/** The parameters of `append` that come from the entries. */
type Columns = Readonly<
  Record<Exclude<keyof typeof APPEND_PARAMETERS, "writer" | "batch_number" | "known_size">, unknown>
>;

/** All that a batch adds if nothing of it is refused, worked out before anybody waits for it. */
export function newRows(batch: readonly PreparedEntry[]): Columns {
  const entries = batch.map(({ entry }) => entry);
  const claims = entries.flatMap(({ claims = [] }) => claims);
  const reservations = entries.flatMap(({ at, reservations = [] }) =>
    reservations.map((one) => ({ ...one, at })),
  );
  const sealed = placed(batch, ({ entry: { sealed = [] }, packed }) =>
    sealed.map((one, place) => ({ ...one, place, kept: packed[place] ?? one.value })),
  );
  const recipients = placed(batch, (prepared) => prepared.recipients);
  const rules = placed(batch, (prepared) => prepared.rules);
  const notes = placed(batch, ({ entry: { note } }) => (note === undefined ? [] : [note]));
  const policies = placed(batch, ({ entry: { policyTexts = [] } }) => policyTexts);
  return {
    befores: batch.map(({ json }) => json[0]).join("\n"),
    afters: batch.map(({ json }) => json[1]).join("\n"),
    entry_at: entries.map(({ at }) => at),
    entry_receipt: entries.map(({ receipt }) => (receipt === null ? null : columnText(receipt))),
    entry_does: entries.map(doesOf),
    entry_claims: entries.map(({ claims = [] }) => claims.length),
    entry_reservations: entries.map(({ reservations = [] }) => reservations.length),
    claim_key: claims.map(({ key }) => columnText(key)),
    claim_fingerprint: claims.map(({ fingerprint }) => columnText(fingerprint)),
    claim_expires_at: claims.map(({ expiresAt }) => expiresAt),
    claim_optional: claims.map(({ optional = false }) => optional),
    reservation_counter: reservations.map(({ counter }) => columnText(counter)),
    reservation_after: reservations.map(({ at, windowMs }) => at - windowMs),
    reservation_max: reservations.map(({ max }) => max),
    reservation_keep_until: reservations.map(({ at, windowMs }) => at + Math.max(windowMs, KEEP_RESERVED_MS)),
    sealed_entry: sealed.map(({ entry }) => entry),
    sealed_place: sealed.map(({ row }) => row.place),
    sealed_commitment: sealed.map(({ row }) => Buffer.from(row.commitment, "hex")),
    sealed_salt: sealed.map(({ row }) => row.salt),
    sealed_kind: sealed.map(({ row }) => row.kind),
    sealed_packed: sealed.map(({ row }) => typeof row.kept !== "string"),
    sealed_value: sealed.map(({ row }) => (typeof row.kept === "string" ? Buffer.from(row.kept) : row.kept)),
    recipient_entry: recipients.map(({ entry }) => entry),
    recipient_base: recipients.map(({ row }) => columnText(row)),
    rule_entry: rules.map(({ entry }) => entry),
    rule_name: rules.map(({ row }) => columnText(row)),
    note_entry: notes.map(({ entry }) => entry),
    note_text: notes.map(({ row }) => columnText(row)),
    policy_entry: policies.map(({ entry }) => entry),
    policy_hash: policies.map(({ row }) => row.hash),
    policy_text: policies.map(({ row }) => Buffer.from(row.text)),
    least_at: Math.min(...entries.map(({ at }) => at)),
  };
}

/** Rows of each entry, with its place in the batch, from 1 on. */
function placed<Row>(
  batch: readonly PreparedEntry[],
  rowsOf: (prepared: PreparedEntry) => readonly Row[],
): readonly { readonly entry: number; readonly row: Row }[] {
  return batch.flatMap((prepared, index) => rowsOf(prepared).map((row) => ({ entry: index + 1, row })));
}

function doesOf({ kind, data, receipt, releases, settles, opens }: PreparedEntry["entry"]): number {
  if (receipt === null) return 0;
  return (
    (releases ? DOES.release : 0) |
    (settles ? DOES.settle : 0) |
    (opens ? DOES.open : 0) |
    (isTaking(kind, data) ? DOES.watch : 0) |
    (isFinal(kind, data) ? DOES.unwatch : 0)
  );
}
