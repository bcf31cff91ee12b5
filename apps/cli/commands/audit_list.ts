import {
  type IntentData,
  type OutcomeData,
  RECORD_KINDS,
  type RecordKind,
  type TrailFilter,
  type TrailRecord,
} from "@countersign/trail";
import { Command, InvalidArgumentError, Option } from "commander";
import { openTrail } from "../open_trail.ts";

interface ListFlags extends Omit<TrailFilter, "limit" | "since" | "until" | "fromSeq" | "newestFirst"> {
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
  readonly json?: boolean;
}

/** `countersign audit list`: the newest records that match, oldest first. */
export function auditListCommand(): Command {
  return new Command("list")
    .description("list the newest records, oldest first")
    .option("--team <team>")
    .option("--assistant <id>")
    .option("--recipient <address>", "records that name this address")
    .option("--rule <rule>", "records in which this rule had something to say")
    .addOption(new Option("--effect <effect>").choices(["allow", "deny"]))
    .addOption(new Option("--kind <kind>").choices(RECORD_KINDS))
    .option("--receipt <receipt>")
    .option("--since <time>", "ISO 8601, inclusive", parseTime)
    .option("--until <time>", "ISO 8601, exclusive", parseTime)
    .option("--limit <n>", "how many at most", parseLimit, 50)
    .option("--json", "print one JSON value")
    .action(async ({ json, ...filter }: ListFlags) => {
      const trail = await openTrail();
      const found: TrailRecord[] = [];
      for await (const { record } of trail.records({ ...filter, newestFirst: true })) found.push(record);
      await trail.close();
      found.reverse();
      if (json) console.log(JSON.stringify(found));
      else if (found.length === 0) console.log("No record matches");
      else for (const record of found) console.log(formatRecord(record));
    });
}

function formatRecord(record: TrailRecord): string {
  const who = record.team === null ? "-" : `${record.team}/${record.assistant ?? "-"}`;
  const columns = [
    String(record.seq).padStart(6),
    record.at,
    record.kind.padEnd(9),
    who,
    record.receipt ?? "-",
  ];
  return [...columns, summary[record.kind]?.(record) ?? ""].join("  ").trimEnd();
}

/** What a line says beyond who and when. */
const summary: Partial<Record<RecordKind, (record: TrailRecord) => string>> = {
  intent: ({ data }) => {
    const { action, effect, held, findings, recipients } = data as IntentData;
    const rules = findings.filter((finding) => finding.effect === effect).map(({ rule }) => rule);
    const to = [...new Set(recipients.map(({ domain }) => domain ?? "?"))].map((domain) => `@${domain}`);
    return [
      action,
      effect,
      ...(held ? ["held"] : []),
      ...rules,
      ...(to.length > 0 ? ["to", ...to] : []),
    ].join(" ");
  },
  outcome: ({ data }) => {
    const { result, multimail_status, email, learnt_by, message } = data as OutcomeData;
    const how = learnt_by === "answer" ? undefined : `learnt by ${learnt_by}`;
    return [result, multimail_status, email, how, message].filter((part) => part).join(" ");
  },
  policy: ({ policy, data }) => `${String(data.result)} ${policy?.slice(0, 12)}`,
  refused: ({ data }) => JSON.stringify(data.refused),
};

function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError("A time is needed, like 2026-11-23T10:00:00Z");
  return time;
}

function parseLimit(text: string): number {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw new InvalidArgumentError("A number from 1 is needed");
  return limit;
}
