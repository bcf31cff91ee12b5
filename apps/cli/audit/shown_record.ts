import {
  type Commitment,
  type IntentData,
  type Json,
  namedCommitments,
  subjectOf,
  type TrailRecord,
} from "@countersign/trail";
import { printable } from "../terminal/printable.ts";

/** What a record is shown with. */
export interface ShownRecordOptions {
  /** Values behind commitments; what is absent was erased. */
  readonly values: ReadonlyMap<Commitment, string>;
  /** The policy's text at a place that decided. */
  readonly lineAt: (where: string) => string | undefined;
  /** Bodies are among the values. */
  readonly hasBodies?: boolean;
}

/** One record in lines for people. Attachments are named by size only, and so are bodies that are not among the values. */
export function shownRecord(record: TrailRecord, options: ShownRecordOptions): readonly string[] {
  const { seq, at, kind, data, policy } = record;
  const facts = kind === "intent" ? intentFacts(data, options) : otherFacts(record, options);
  const lines = [
    `record ${seq}  ${at}  ${kind}`,
    ...facts.map(([name, value]) => `  ${name.padEnd(NAME)} ${value}`),
    ...(policy === null ? [] : [`  ${"policies".padEnd(NAME)} ${policy.slice(0, 16)}`]),
    ...(kind === "intent" ? findingLines(data, options) : []),
    ...(kind === "intent" ? bodyLines(data, options) : []),
  ];
  return lines.map(printable);
}

type Fact = readonly [name: string, value: string];

function intentFacts(data: IntentData, { values, hasBodies }: ShownRecordOptions): readonly Fact[] {
  const open = (commitment: Commitment): string => values.get(commitment) ?? "(erased)";
  const { action, attempted, effect, held, door, call, recipients, attachments } = data;
  const optional = (name: string, value: string | null): readonly Fact[] =>
    value === null ? [] : [[name, value]];
  return [
    ["asked", `${action}${attempted === null ? "" : ` (${attempted})`} over ${door}, call ${call}`],
    ["decided", `${effect}${effect === "allow" && held ? ", held for a person" : ""}`],
    ...recipients.map(({ field, address }): Fact => [field, open(address)]),
    ...optional(
      "subject",
      (data.subject ?? data.original_subject) ? (subjectOf(data, values) ?? "(erased)") : null,
    ),
    ...optional(
      "body",
      data.body &&
        `${data.body_bytes} bytes${hasBodies ? (values.has(data.body) ? "" : " (erased)") : ", not shown"}`,
    ),
    ...attachments.map(
      ({ name, content_type, bytes }): Fact => [
        "attachment",
        `${open(name)} (${content_type}, ${bytes} bytes)`,
      ],
    ),
    ...optional("mailbox", data.mailbox),
    ...optional("about", data.about),
    ...optional("send at", data.send_at),
  ];
}

function findingLines({ findings, recipients }: IntentData, options: ShownRecordOptions): readonly string[] {
  return findings.flatMap(({ rule, effect, message, detail, where, about }) => {
    const whom = about.map((index) => options.values.get(recipients[index]?.address ?? "") ?? "(erased)");
    const line = where === null ? undefined : options.lineAt(where);
    return [
      `  ${effect.padEnd(NAME)} ${rule}: ${message}`,
      ...(detail === null ? [] : [`${MARGIN}${detail}`]),
      ...(whom.length === 0 ? [] : [`${MARGIN}about ${whom.join(", ")}`]),
      ...(where === null ? [] : [`${MARGIN}${where}${line === undefined ? "" : `  ${line.trim()}`}`]),
    ];
  });
}

function bodyLines({ body }: IntentData, { values, hasBodies }: ShownRecordOptions): readonly string[] {
  const text = hasBodies && body !== null ? values.get(body) : undefined;
  return text?.split(/\r?\n/).map((line) => `  | ${line}`) ?? [];
}

/** Width of what stands before a value, and where values begin. */
const NAME = 16;
const MARGIN = " ".repeat(NAME + 3);

/** Whatever a record of another kind says, member by member. */
function otherFacts({ kind, data }: TrailRecord, { values }: ShownRecordOptions): readonly Fact[] {
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
