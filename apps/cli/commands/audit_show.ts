import {
  type Commitment,
  isReadable,
  namedCommitments,
  type SealedKind,
  type StoredRecord,
  type TrailStore,
} from "@countersign/trail";
import { PolicyLines } from "@countersign/trail/report";
import { Command } from "commander";
import { requireBodyReader } from "../audit/body_readers.ts";
import { parseSeq } from "../audit/parse_limit.ts";
import { type SavedAttachment, saveAttachments } from "../audit/save_attachments.ts";
import { shownRecord } from "../audit/shown_record.ts";
import { withTrail, withWritableTrail } from "../audit/with_trail.ts";
import { parseReason } from "../terminal/parse_reason.ts";
import { printable } from "../terminal/printable.ts";

interface ShowFlags {
  readonly seq?: number;
  readonly bodies?: boolean;
  readonly reason?: string;
  readonly save?: string;
  readonly json?: boolean;
}

/** `countersign audit show [receipt]`: everything on record about one request, or one record; bodies for readers only. */
export function auditShowCommand(): Command {
  return new Command("show")
    .description(
      "Shows every record of a receipt: what was asked, decided by which line, and what became of it; or one record.",
    )
    .argument("[receipt]", "as an answer or `audit list` names it")
    .option("--seq <n>", "instead: this record, also one without a receipt", parseSeq)
    .option("--bodies", "show the body too, to whom AUDIT_BODY_READERS names; that it was seen is recorded")
    .option("--reason <text>", "why it must be seen", parseReason)
    .option("--save <dir>", "with --bodies: write the attachments into this folder")
    .option("--json", 'print {"receipt": …, "records": […], "values": {…}, "lines": {…}}')
    .addHelpText("after", EXAMPLES)
    .action(async (receipt: string | undefined, flags: ShowFlags, command: Command) => {
      const what = receipt ?? flags.seq;
      if (what === undefined || (receipt !== undefined && flags.seq !== undefined))
        return command.error("error: either a receipt or --seq <n> is needed");
      if (flags.bodies && receipt === undefined)
        command.error("error: --bodies goes with a receipt, and not with --seq");
      if (flags.bodies && flags.reason === undefined) command.error("error: --bodies needs --reason <text>");
      if (!flags.bodies && (flags.reason ?? flags.save) !== undefined)
        command.error("error: --reason and --save come with --bodies only");
      const found = flags.bodies
        ? await withWritableTrail((trail) => readWithBodies(trail, String(what), flags))
        : await withTrail((trail) => read(trail, what, ["body", "attachment"]));
      if (flags.json)
        console.log(JSON.stringify({ receipt: receipt ?? found.records[0]?.receipt ?? null, ...found }));
      else console.log(format(what, found, flags.bodies ?? false));
    });
}

const EXAMPLES = `
Addresses and subjects are shown, unless they were erased. Bodies and attachments are shown, with --bodies, to the users
that AUDIT_BODY_READERS names, and only once who asked and why is on record. Whoever can read the database's files can
read everything in them: keep DATA_DIR to its owner.

Examples:
  $ countersign audit show rcp_01M83C2A7AZGB1MW4VNPCH9VWZ
  $ countersign audit show --seq 42
  $ countersign audit show rcp_01M83C2A7AZGB1MW4VNPCH9VWZ --bodies --reason "Complaint 4711" --save ./attachments
  $ DATA_DIR=data/demo countersign audit show rcp_01M83C2A7AZGB1MW4VNPCH9VWZ`;

/** What is known of a receipt, as `--json` prints it. */
interface Found {
  readonly records: readonly StoredRecord["record"][];
  readonly values: Readonly<Record<Commitment, string>>;
  /** The text at each place in a policy that decided. */
  readonly lines: Readonly<Record<string, string>>;
  readonly saved?: readonly SavedAttachment[];
}

async function readWithBodies(
  trail: TrailStore,
  receipt: string,
  { reason = "", save }: ShowFlags,
): Promise<Found> {
  // Who asks for a receipt that is not there has seen nothing.
  await recordsOf(trail, receipt);
  const asked = save === undefined ? "bodies" : "bodies_and_attachments";
  await requireBodyReader(trail, { asked, receipt, reason });
  const found = await read(trail, receipt, ["attachment"]);
  if (save === undefined) return found;
  const intents = found.records.flatMap((record) =>
    record.kind === "intent" && isReadable(record) ? [record.data] : [],
  );
  return { ...found, saved: await saveAttachments(save, { intents, trail }) };
}

/** What is of a `hidden` kind stays sealed. */
async function read(trail: TrailStore, what: string | number, hidden: readonly SealedKind[]): Promise<Found> {
  const records = (await recordsOf(trail, what)).map(({ record }) => record);
  const source = new PolicyLines(trail);
  // A place has any name, also one that every object has.
  const lines: Record<string, string> = Object.create(null);
  for (const record of records) {
    for (const where of placesOf(record)) {
      const line = await source.lineAt(record.policy, where);
      if (line !== undefined) lines[where] = line;
    }
  }
  const shown = records
    .flatMap(({ kind, data }) => namedCommitments(kind, data))
    .filter(({ kinds }) => !kinds.some((kind) => hidden.includes(kind)));
  const values = await trail.unseal(shown.map(({ commitment }) => commitment));
  return { records, values: Object.fromEntries(values), lines };
}

/** Those of a receipt, or the one with this seq. */
async function recordsOf(trail: TrailStore, what: string | number): Promise<readonly StoredRecord[]> {
  if (typeof what === "number") {
    for await (const stored of trail.records({ fromSeq: what, limit: 1 }))
      if (stored.record.seq === what) return [stored];
    const { size } = await trail.head();
    throw new Error(`Cannot find record ${what}: the trail has ${size}, the last is ${size - 1}`);
  }
  const records = await trail.recordsOf(what);
  if (records.length > 0) return records;
  throw new Error(
    printable(
      `Cannot find receipt "${what}": the trail has no record of it; audit list --email finds MultiMail's ids`,
    ),
  );
}

function placesOf(record: StoredRecord["record"]): readonly string[] {
  if (record.kind !== "intent" || !isReadable(record)) return [];
  return record.data.findings.flatMap(({ where }) => where ?? []);
}

function format(
  what: string | number,
  { records, values, lines, saved = [] }: Found,
  hasBodies: boolean,
): string {
  const options = { values: new Map(Object.entries(values)), lineAt: (where: string) => lines[where] };
  const shown = records.map((record) => shownRecord(record, { ...options, hasBodies }));
  const { team = null, assistant = null, receipt } = records[0] ?? {};
  const name = typeof what === "string" ? what : (receipt ?? "no receipt");
  const whose = team === null ? "" : `  ${team}${assistant === null ? "" : `/${assistant}`}`;
  const title = printable(`${name}${whose}`);
  const written = saved.map(({ path, bytes }) => printable(`Wrote ${path} (${bytes} bytes)`));
  return [[title], ...shown, ...(written.length > 0 ? [written] : [])]
    .map((block) => block.join("\n"))
    .join("\n\n");
}
