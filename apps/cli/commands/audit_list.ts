import { RECORD_KINDS, type TrailFilter, type TrailRecord } from "@countersign/trail";
import { Command, InvalidArgumentError, Option } from "commander";
import { formatTable } from "../format_table.ts";
import { parseTime } from "../parse_time.ts";
import { summarizeRecord } from "../summarize_record.ts";
import { withTrail } from "../with_trail.ts";

/** Lines are not longer, unless the terminal is wider. */
const WIDTH = 120;

interface ListFlags extends Omit<TrailFilter, "fromSeq" | "newestFirst"> {
  readonly json?: boolean;
}

/** `countersign audit list`: the newest records that match, oldest first. */
export function auditListCommand(): Command {
  return new Command("list")
    .description("Lists the newest records that match, the newest last.")
    .option("--team <team>", "of this team")
    .option("--assistant <id>", "of this assistant")
    .option("--recipient <address>", "that name this address")
    .option("--rule <rule>", "in which this rule had something to say, like recipients.deny")
    .addOption(new Option("--effect <effect>", "decided so").choices(["allow", "deny"]))
    .addOption(new Option("--kind <kind>", "of this kind").choices(RECORD_KINDS))
    .option("--receipt <receipt>", "of this receipt")
    .option("--since <time>", "from then on; ISO 8601, UTC", parseTime)
    .option("--until <time>", "before then; ISO 8601, UTC", parseTime)
    .option("--limit <n>", "how many at most", parseLimit, 50)
    .option("--json", "print one array of records")
    .addHelpText("after", EXAMPLES)
    .action(async ({ json, ...filter }: ListFlags) => {
      const records = await withTrail(async (trail) => {
        const found: TrailRecord[] = [];
        for await (const { record } of trail.records({ ...filter, newestFirst: true })) found.push(record);
        return found.reverse();
      });
      if (json) console.log(JSON.stringify(records));
      else if (records.length === 0) console.log("No record matches");
      else console.log(formatRecords(records));
    });
}

const EXAMPLES = `
Examples:
  $ countersign audit list --team finance --effect deny
  $ countersign audit list --recipient jane@client.example --since 2026-11-01
  $ DATA_DIR=data/demo countersign audit list --limit 10`;

function formatRecords(records: readonly TrailRecord[]): string {
  const rows = records.map((record) => [
    String(record.seq),
    `${record.at.slice(0, 10)} ${record.at.slice(11, 19)}`,
    record.team === null ? "-" : `${record.team}/${record.assistant ?? "-"}`,
    record.receipt ?? "-",
    summarizeRecord(record),
  ]);
  return formatTable([["SEQ", "TIME (UTC)", "WHO", "RECEIPT", "WHAT"], ...rows], {
    maxWidth: Math.max(WIDTH, process.stdout.columns ?? 0),
  });
}

function parseLimit(text: string): number {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw new InvalidArgumentError("A number from 1 is needed");
  return limit;
}
