import type { Json } from "./json.ts";
import type { Fact, Kind, Shown, ShownOptions } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { namedCommitments } from "./named_commitments.ts";
import type { RecordData, TrailRecord } from "./record.ts";
import type { RecordKind } from "./record_kind.ts";

/** A record in a few words, without when and who: `send denied recipients.deny, to @rival.example`. */
export function summarizeRecord(record: TrailRecord): string {
  const words = kindOf(record)?.words ?? "members";
  return words === "members" ? allOf(record) : words(record.data, record);
}

/** A record as it is shown to whoever looks at it. */
export function shownOf(record: TrailRecord, options: ShownOptions): Shown {
  const shown = kindOf(record)?.shown ?? "members";
  return shown === "members" ? { facts: memberFacts(record, options) } : shown(record.data, options);
}

/** What is known of a record's kind, which takes its own data; undefined: a later version put it on record. */
function kindOf({ kind }: TrailRecord): Kind<RecordData[RecordKind]> | undefined {
  return KINDS[kind] as Kind<RecordData[RecordKind]> | undefined;
}

/** Everything that is not null. */
function allOf({ kind, data }: TrailRecord): string {
  const values = Object.values(data)
    .filter((value) => value !== null)
    .map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
  return [kind, ...values].join(" ");
}

/** Whatever a record says, member by member. */
function memberFacts({ kind, data }: TrailRecord, { values }: ShownOptions): readonly Fact[] {
  const named = new Set(namedCommitments(kind, data).map(({ commitment }) => commitment));
  const open = (value: Json): Json =>
    typeof value === "string" && named.has(value) ? (values.get(value) ?? "(erased)") : value;
  return Object.entries(data).flatMap(([name, value]) =>
    value === null ? [] : [[name, plain(value, open)] as const],
  );
}

function plain(value: Json, open: (value: Json) => Json): string {
  return typeof value === "object"
    ? JSON.stringify(value, (_name, member) => open(member))
    : String(open(value));
}
