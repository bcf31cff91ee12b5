import { defined } from "@countersign/core/optional";
import { isFinal, isTaking } from "../../record/derived.ts";
import type { TrailEntry } from "../../record/record.ts";
import type { EffectiveEntry, PreparedEntry } from "../prepare_entry.ts";
import { MARKS, type Order, type RestOrder, type SealedOrder } from "./_order.ts";
import { columnsOf, type RecordColumns } from "./_record_form.ts";

/** The order that writes an entry. */
export function orderOf({ entry, json, packed, recipients, rules }: PreparedEntry): Order {
  const { at, receipt, sealed = [], claims = [], reservations = [] } = entry;
  const wanted = claims.length + reservations.length === 0 ? null : { claims, reservations };
  const values = sealed.map(
    ({ commitment, salt, kind, value }, place): SealedOrder => [
      commitment,
      Buffer.from(salt.buffer, salt.byteOffset, salt.byteLength).toString("latin1"),
      kind,
      alone(packed[place] ?? value),
    ],
  );
  const columns = columnsOf(entry as EffectiveEntry & Readonly<Record<string, unknown>>, at);
  const { kind, team, assistant, policy, taken, effect } = columns;
  const found = [kind, team, assistant, policy, taken, effect] as const;
  const marks = marksOf(entry, columns);
  return [at, receipt, ...json, found, values, recipients, rules, marks, wanted, restOf(entry)];
}

/** What a thread is handed of a view is all of the memory behind it, which others may share. */
function alone(value: string | Uint8Array): string | Uint8Array {
  return typeof value === "string" || value.byteLength === value.buffer.byteLength
    ? value
    : new Uint8Array(value);
}

function marksOf(
  { kind, data, opens, settles, releases }: EffectiveEntry,
  { isEmail, outside }: RecordColumns,
): number {
  return (
    (opens ? MARKS.opens : 0) |
    (settles ? MARKS.settles : 0) |
    (releases ? MARKS.releases : 0) |
    (isTaking(kind, data) ? MARKS.takes : 0) |
    (isFinal(kind, data) ? MARKS.ends : 0) |
    (isEmail ? MARKS.isEmail : 0) |
    (outside ? MARKS.outside : 0)
  );
}

function restOf({ kind, data, note, policyTexts }: TrailEntry): RestOrder | null {
  const erasure = kind === "erasure" ? data : undefined;
  if (note === undefined && policyTexts === undefined && erasure === undefined) return null;
  return defined({ note, policyTexts, erasure });
}
