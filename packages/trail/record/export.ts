import { type EntryOf, NOBODY } from "./frame.ts";
import { type Kind, WHO_AND_WHY } from "./kind.ts";
import type { RecordKind } from "./record_kind.ts";
import { type Commitment, type SealedKind, Sealer } from "./sealed.ts";
import { listOf, maybe, membersOf, objectOf, TEXT } from "./shape.ts";

/** What an export can be written as. */
export const EXPORT_FORMATS = ["jsonl", "csv", "ocsf", "pack"] as const;

/** Which records an export shows; null: whatever it is. */
export type ExportFilter = {
  readonly team: string | null;
  readonly assistant: string | null;
  readonly receipt: string | null;
  readonly rule: string | null;
  readonly effect: "allow" | "deny" | null;
  /** These are there only when they were asked for. */
  readonly kind?: RecordKind;
  /** Of an address; or `@` and a domain. */
  readonly recipient?: Commitment | string;
  /** MultiMail's id of an email. */
  readonly email?: string;
  /** Who did it. */
  readonly by?: Commitment;
  /** Who asked for it. */
  readonly user?: Commitment;
};

/** `data` of an `export` record: somebody took data out. It is durable before the first byte leaves. */
export type ExportData = {
  readonly format: (typeof EXPORT_FORMATS)[number];
  /** ISO 8601, inclusive and exclusive; null: from the first record, to the last. */
  readonly since: string | null;
  readonly until: string | null;
  readonly filter: ExportFilter;
  /** Of which kinds sealed values went along. */
  readonly values: readonly SealedKind[];
  /** Who, and why. */
  readonly by: Commitment;
  readonly reason: Commitment | null;
};

/** Builds the record that data is taken out; who, why, whom it is about, who did it and who asked for it as text. `at` in epoch milliseconds. */
export function exportEntry(
  { format, since, until, filter, values, by, reason }: ExportData,
  at: number,
): EntryOf<"export", ExportData> {
  const sealer = new Sealer();
  const { recipient, by: person, user, ...rest } = filter;
  // Whom it is about can be erased; a domain is nobody.
  const sealed = (text: string) => (text.startsWith("@") ? text : sealer.seal("address", text));
  const data: ExportData = {
    format,
    since,
    until,
    filter: {
      ...rest,
      ...(recipient !== undefined && { recipient: sealed(recipient) }),
      ...(person !== undefined && { by: sealer.seal("text", person) }),
      ...(user !== undefined && { user: sealer.seal("text", user) }),
    },
    values,
    by: sealer.seal("text", by),
    reason: reason === null ? null : sealer.seal("text", reason),
  };
  return { kind: "export", at, ...NOBODY, policy: null, data, sealed: sealer.values };
}

/** An `export`'s words for people and commitments, and what it means to others. */
export const EXPORT: Kind<ExportData> = {
  words: ({ format, since, until, filter, values }) => {
    const only = Object.entries(filter).flatMap(([name, value]) =>
      value === null ? [] : `${name} ${sealedName(name, value)}`,
    );
    const time = [since && `since ${since}`, until && `until ${until}`].filter((part) => part !== null);
    const bodies = values.includes("body")
      ? "with bodies"
      : values.length > 0
        ? "with values"
        : "without values";
    return ["export", format, ...time, ...only, bodies].join(" ");
  },
  shown: "members",
  shape: objectOf({
    ...{ format: TEXT, since: maybe(TEXT), until: maybe(TEXT) },
    ...{ filter: membersOf(maybe(TEXT)), values: listOf(TEXT) },
  }),
  shared: false,
  commitments: [
    ...WHO_AND_WHY,
    ["filter", "recipient", ["address"]],
    ["filter", "by", ["text", "address"]],
    ["filter", "user", ["text"]],
  ],
  person: "by",
};

/** A filter's value in words: whom it is about is sealed, and opened by `audit show --seq`. */
export function sealedName(name: string, value: string): string {
  const isSealed = ["recipient", "by", "user"].includes(name) && /^[\da-f]{64}$/.test(value);
  return isSealed ? (name === "recipient" ? "(one address)" : "(one person)") : value;
}
