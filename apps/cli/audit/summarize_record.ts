import type { LifecycleData, RecordKind, TrailRecord } from "@countersign/trail";
import { keyPrefix } from "../keys/key_prefix.ts";

/** A record in a few words, without when and who: `send denied recipients.deny, to @rival.example`. */
export function summarizeRecord(record: TrailRecord): string {
  // Of its own kind; a later version may have put others on record.
  const summarize = SUMMARIES[record.kind] as ((record: TrailRecord) => string) | undefined;
  return summarize?.(record) ?? allOf(record);
}

const SUMMARIES: { readonly [Kind in RecordKind]: (record: TrailRecord<Kind>) => string } = {
  intent: ({ data }) => {
    const { action, effect, held, findings, recipients } = data;
    const rules = distinct(findings.filter((finding) => finding.effect === effect).map(({ rule }) => rule));
    const domains = distinct(recipients.map(({ domain }) => (domain === null ? "?" : `@${domain}`)));
    const verdict = effect === "deny" ? `denied ${rules.join(" ")}` : held ? "held" : "allowed";
    return `${action} ${verdict}${domains.length > 0 ? `, to ${domains.join(" ")}` : ""}`;
  },
  outcome: ({ data }) => {
    const { result, multimail_status, learnt_by, message } = data;
    const how = learnt_by === "answer" ? null : `(learnt by ${learnt_by})`;
    return ["outcome", result, multimail_status, how, message].filter((part) => part !== null).join(" ");
  },
  lifecycle: ({ data }) => {
    const { event, learnt_by } = data;
    if (data.event === "unknown") return `lifecycle unknown ${data.name} (learnt by ${learnt_by})`;
    const { decided_by, outside_hours, findings = [] } = data;
    const rules = findings.map(({ rule }) => ` ${rule}`).join("");
    const who = decided_by === undefined ? "" : DECIDED[decided_by];
    const late = outside_hours ? " OUTSIDE HOURS, approved late" : "";
    return `lifecycle ${event}${rules}${who}${late} (learnt by ${learnt_by})`;
  },
  readback: ({ data }) => {
    const { phase, match, differences } = data;
    return `readback ${phase} ${match ? "as authorised" : `DIFFERS in ${differences.join(", ")}`}`;
  },
  drift: ({ data }) => {
    const { result, mailbox, settings } = data;
    // What somebody applied is one setting.
    const names = typeof data.setting === "string" ? [...settings, data.setting] : settings;
    return `drift ${result} ${mailbox}${names.length > 0 ? `: ${names.join(", ")}` : ""}`;
  },
  export: ({ data }) => {
    const { format, since, until, filter, values } = data;
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
  policy: ({ policy, data }) => `policy ${String(data.result)} ${policy?.slice(0, 12) ?? ""}`,
  access: ({ data }) => {
    const { result, asked } = data;
    return `access ${result}: ${asked.replaceAll("_", " ")}`;
  },
  erasure: ({ data }) => {
    const { because, commitments, below } = data;
    const what =
      below === null ? `${commitments.length} values` : `${below.kinds.join(" ")} below ${below.seq}`;
    return `erasure (${because}): ${what}`;
  },
  key: ({ data }) =>
    data.change === "signing"
      ? `key signing ${String(data.verifier).replace(/\+[^+]*$/, "")}${data.vouch === null ? "" : ", vouched for by the one before"}`
      : `key ${String(data.change)} ${[data.hashes].flat().map(String).map(keyPrefix).join(" ")}`,
  refused: allOf,
  checkpoint: ({ data }) => {
    const { size, key } = data;
    return `checkpoint of ${size} records, signed by ${key}`;
  },
};

const DECIDED: Readonly<Record<NonNullable<LifecycleData["decided_by"]>, string>> = {
  approver: " by an approver",
  other: " by SOMEBODY WHO IS NO APPROVER",
  unknown: ", not known by whom",
};

/** A filter's value in words: whom it is about is sealed, and opened by `audit show --seq`. */
export function sealedName(name: string, value: string): string {
  const isSealed = (name === "recipient" || name === "by") && /^[\da-f]{64}$/.test(value);
  return isSealed ? (name === "by" ? "(one person)" : "(one address)") : value;
}

/** Everything that is not null. */
function allOf({ kind, data }: TrailRecord): string {
  const values = Object.values(data)
    .filter((value) => value !== null)
    .map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
  return [kind, ...values].join(" ");
}

function distinct(list: readonly string[]): readonly string[] {
  return [...new Set(list)];
}
