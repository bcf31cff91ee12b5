import { isReadable } from "./is_readable.ts";
import type { Json } from "./json.ts";
import type { Fact, Kind, Shown, ShownOptions } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { namedCommitments } from "./named_commitments.ts";
import type { RecordData, TrailRecord } from "./record.ts";
import type { RecordKind } from "./record_kind.ts";
import { isObject } from "./shape.ts";

/**
 * A record in a few words, without when and who: `send denied recipients.deny, to @rival.example`. One whose data is not of
 * its kind's shape begins with `UNREADABLE`, and all that is in it follows.
 */
export function summarizeRecord(record: TrailRecord): string {
  if (!isReadable(record)) return `UNREADABLE ${allOf(record)}`;
  const words = kindOf(record)?.words ?? "members";
  return words === "members" ? allOf(record) : words(record.data, record);
}

/** A record as it is shown to whoever looks at it, also one that is not of its kind's shape, of which the first fact says so. */
export function shownOf(record: TrailRecord, options: ShownOptions): Shown {
  if (!isReadable(record)) return { facts: [UNREADABLE, ...memberFacts(record, options)] };
  const shown = kindOf(record)?.shown ?? "members";
  return shown === "members" ? { facts: memberFacts(record, options) } : shown(record.data, options);
}

/** What is known of a record's kind, which takes its own data; undefined: a later version put it on record. */
function kindOf({ kind }: TrailRecord): Kind<RecordData[RecordKind]> | undefined {
  if (!Object.hasOwn(KINDS, kind)) return undefined;
  return KINDS[kind] as Kind<RecordData[RecordKind]> | undefined;
}

const UNREADABLE: Fact = [
  "UNREADABLE",
  "it does not hold what a record of its kind holds; audit verify may say more",
];

/** Everything that is not null. */
function allOf({ kind, data }: TrailRecord): string {
  const values = membersIn(data)
    .map(([, value]) => value)
    .filter((value) => value !== null)
    .map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
  return [kind, ...values].join(" ");
}

/** Whatever a record says, member by member. */
function memberFacts({ kind, data }: TrailRecord, { values }: ShownOptions): readonly Fact[] {
  const named = new Set(namedCommitments(kind, data).map(({ commitment }) => commitment));
  const open = (value: Json): Json =>
    typeof value === "string" && named.has(value) ? (values.get(value) ?? "(erased)") : value;
  return membersIn(data).flatMap(([name, value]) =>
    value === null ? [] : [[name, plain(value, open)] as const],
  );
}

/** What is no object is one member, `data`. */
function membersIn(data: Json): readonly (readonly [name: string, value: Json])[] {
  return isObject(data) ? Object.entries(data) : [["data", data]];
}

function plain(value: Json, open: (value: Json) => Json): string {
  return typeof value === "object"
    ? JSON.stringify(value, (_name, member) => open(member))
    : String(open(value));
}
