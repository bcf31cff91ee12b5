import {
  askerCommitments,
  askerName,
  askerOf,
  countFound,
  findRecords,
  openAsker,
  personOf,
  type RecordFilter,
  type StoredRecord,
  summarizeRecord,
  type TrailRecord,
  type TrailStore,
} from "@countersign/trail";
import { Command } from "commander";
import { addFilterOptions, type FilterFlags, parsePerson, readFilter } from "../audit/filter_options.ts";
import { parseLimit } from "../audit/parse_limit.ts";
import { nearestDomain, refuseUnknown } from "../audit/refuse_unknown.ts";
import { withTrail } from "../audit/with_trail.ts";
import { formatTable } from "../terminal/format_table.ts";
import { localTime } from "../terminal/parse_time.ts";
import { printable } from "../terminal/printable.ts";
import { hint } from "../terminal/talk.ts";
import { writeOut } from "../terminal/write_out.ts";

/** So many are listed unless the command line says otherwise. */
const LIMIT = 50;

interface ListFlags extends FilterFlags {
  readonly by?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

/** `countersign audit list`: the newest records that match, oldest first. */
export function auditListCommand(): Command {
  const command = new Command("list").description("Lists the newest records that match, the newest last.");
  return addFilterOptions(command)
    .option(
      "--by <person>",
      "of what this person did: approve, read, change keys, export, erase",
      parsePerson,
    )
    .option("--limit <n>", `how many at most (default: ${LIMIT}; with --json all)`, parseLimit)
    .option(
      "--json",
      "print one array of records, each with the person who did it, and the user who asked, if anybody",
    )
    .addHelpText("after", EXAMPLES)
    .action(async ({ by, limit, json, ...flags }: ListFlags, own: Command) => {
      const filter = readFilter({ ...flags, ...(by !== undefined && { person: by }) }, own);
      await withTrail(async (trail) => {
        const total = await countFound(trail, filter);
        if (total === 0) await refuseUnknown(trail, filter);
        const most = limit ?? (json ? Number.POSITIVE_INFINITY : LIMIT);
        const found = listed(trail, filter, { most, total });
        const shown = Math.min(most, total);
        if (json) {
          await writeOut(jsonChunks(trail, found));
          if (shown < total) hint(countLine(shown, total));
        } else if (total === 0) console.log(await nothingLine(trail, filter));
        else await writeOut(tableChunks(trail, found, { zone: flags.tz, total }));
      });
    });
}

const EXAMPLES = `
Kinds: intent (what was asked and decided), outcome, lifecycle (approved, delivered, …), approval, notice, readback, policy, drift,
key, refused, access, export, erasure, checkpoint. The last line says how many there are of how many that match.

Examples:
  $ countersign audit list --team finance --effect deny --since 7d
  $ countersign audit list --recipient jane@client.example --since 2026-11-01 --tz Europe/Berlin
  $ countersign audit list --recipient @client.example
  $ countersign audit list --user ann@acme.example --since 7d
  $ countersign audit list --kind key --by ann
  $ countersign audit list --email 01KJ1NHN8J5Q0V4Y8Z3T6R2W9C --json
  $ DATA_DIR=data/demo countersign audit list --limit 10`;

/** The newest, oldest first; none is in memory when all are wanted. */
async function* listed(
  trail: TrailStore,
  filter: RecordFilter,
  { most, total }: { readonly most: number; readonly total: number },
): AsyncGenerator<TrailRecord> {
  if (most >= total) {
    // What was appended since it was counted is not counted.
    for await (const { record } of findRecords(trail, { ...filter, limit: total })) yield record;
    return;
  }
  const found: StoredRecord[] = [];
  for await (const stored of findRecords(trail, { ...filter, newestFirst: true, limit: most }))
    found.push(stored);
  for (const { record } of found.reverse()) yield record;
}

async function* jsonChunks(trail: TrailStore, records: AsyncIterable<TrailRecord>): AsyncGenerator<string> {
  let before = "[";
  for await (const record of records) {
    const person = (await nameOf(trail, record)) ?? null;
    const user = await userOf(trail, record);
    yield `${before}${JSON.stringify({ ...record, person, ...(user !== undefined && { user }) })}`;
    before = ",\n";
  }
  yield before === "[" ? "[]\n" : "]\n";
}

async function* tableChunks(
  trail: TrailStore,
  records: AsyncIterable<TrailRecord>,
  { zone, total }: { readonly zone: string; readonly total: number },
): AsyncGenerator<string> {
  const rows: (readonly string[])[] = [["SEQ", `TIME (${zone})`, "WHO", "RECEIPT", "WHAT"]];
  for await (const record of records) {
    const { seq, at, receipt, kind } = record;
    const person = personOf(record) === undefined ? undefined : ((await nameOf(trail, record)) ?? "(erased)");
    const assistant = record.team === null ? "-" : `${record.team}/${record.assistant ?? "-"}`;
    // An email's end is its assistant's, whoever decided it; what is done from a shell or the console is that person's.
    const isPersons = person !== undefined && kind !== "lifecycle";
    const user = await userOf(trail, record);
    const asked = user === undefined ? "" : `, asked by ${user ?? "(erased)"}`;
    const what = `${summarizeRecord(record)}${asked}`;
    rows.push([
      String(seq),
      localTime(Date.parse(at), zone),
      isPersons ? person : assistant,
      receipt ?? "-",
      person === undefined || isPersons
        ? aboutTeam(record, what, isPersons)
        : `${what}, ${decidedBy(record, person)}`,
    ]);
  }
  // In a pipe nothing is broken up.
  const { isTTY, columns } = process.stdout;
  yield `${formatTable(rows, isTTY ? { width: columns } : {})}\n${countLine(rows.length - 1, total)}\n`;
}

/** MultiMail may name only its account, which may be anybody's. */
function decidedBy({ data }: TrailRecord, person: string): string {
  return data.decided_by === "unknown" ? `MultiMail names ${person}` : `by ${person}`;
}

/** Where the person takes the place of the assistant, whose it is about. */
function aboutTeam({ team, assistant }: TrailRecord, what: string, isPersons: boolean): string {
  if (!isPersons || team === null) return what;
  return `${what}, of ${team}${assistant === null ? "" : `/${assistant}`}`;
}

async function nameOf(trail: TrailStore, record: TrailRecord): Promise<string | undefined> {
  const person = personOf(record);
  return person === undefined ? undefined : (await trail.unseal([person])).get(person);
}

/** Who asked an assistant for it; null: was erased. Undefined: nobody signed in. */
async function userOf(trail: TrailStore, record: TrailRecord): Promise<string | null | undefined> {
  if (record.kind !== "intent") return undefined;
  const asker = askerOf(record.data);
  if (asker === undefined) return undefined;
  const known = openAsker(asker, await trail.unseal(askerCommitments(asker)));
  return known === undefined ? null : askerName(known);
}

function countLine(shown: number, total: number): string {
  const [some, all] = [shown, total].map((count) => count.toLocaleString("en-US"));
  return `${some} of ${all} ${total === 1 ? "record" : "records"}${shown < total ? `; --limit ${total} shows all` : ""}`;
}

async function nothingLine(trail: TrailStore, { recipient }: RecordFilter): Promise<string> {
  const near = recipient === undefined ? undefined : await nearestDomain(trail, recipient);
  return printable(`No record matches${near === undefined ? "" : `; did you mean "@${near}"?`}`);
}
