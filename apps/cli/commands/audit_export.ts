import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { parseEnv } from "@countersign/host";
import {
  EXPORT_FORMATS,
  parseCheckpoint,
  type RecordFilter,
  type StoredCheckpoint,
  type TrailStore,
  TrailUnavailableError,
} from "@countersign/trail";
import { type ExportHeader, planExport, saveFile } from "@countersign/trail/export";
import { Command, Option } from "commander";
import { signNow } from "../audit/checkpoint/sign_now.ts";
import { exportChunks } from "../audit/export/export_chunks.ts";
import type { ExportFlags } from "../audit/export/export_flags.ts";
import { recordExport } from "../audit/export/record_export.ts";
import { addFilterOptions, parsePerson, readFilter } from "../audit/filter_options.ts";
import { refuseUnknown } from "../audit/refuse_unknown.ts";
import { withWritableTrail } from "../audit/with_trail.ts";
import { parseReason } from "../terminal/parse_reason.ts";
import { personName } from "../terminal/person_name.ts";
import { printable } from "../terminal/printable.ts";
import { hint, progressStream } from "../terminal/talk.ts";
import { writeOut } from "../terminal/write_out.ts";

/** `countersign audit export`: takes records out, and puts on record that it was done. */
export function auditExportCommand(): Command {
  const command = new Command("export")
    .description("Writes records out: to be verified elsewhere, for people, or for a SIEM. It is recorded.")
    .addOption(new Option("--format <format>", "how").choices(EXPORT_FORMATS).default("jsonl"))
    .option("--out <file>", "to this new file; without it, to standard output");
  return addFilterOptions(command)
    .option(
      "--person <person>",
      "show only what this person did: approve, read, change keys, export",
      parsePerson,
    )
    .addOption(
      new Option("--rows <rows>", "csv: a row a record, or a row an email").choices(["record", "email"]),
    )
    .option("--values", "with addresses, subjects, file names, and who decided why")
    .option("--bodies", "with all of that, bodies and attachments, to whom AUDIT_BODY_READERS names")
    .option("--reason <text>", "why it is taken out; needed with --bodies", parseReason)
    .option("--by <name>", "who takes it out; without it, who is signed in", parseReason, personName())
    .option("--bom", "csv: begin with a byte order mark, for Excel")
    .option("--json", 'with --out: print {"out", "format", "from", "to", "size", "root", "record"}')
    .addHelpText("after", EXAMPLES)
    .action(async (flags: ExportFlags, own: Command) => {
      checkFlags(flags, own);
      const filter = readFilter(flags, own);
      const header = await withWritableTrail((trail) => write(trail, flags, filter));
      const { from, to, size, root, record } = header;
      const { out, format } = flags;
      if (flags.json) console.log(JSON.stringify({ out, format, from, to, size, root, record }));
      else if (out !== undefined)
        hint(printable(`Wrote records ${from} to ${to - 1} into "${out}"; record ${record} says so`));
    });
}

const EXAMPLES = `
Formats:
  jsonl   every record as the line that was hashed, with the hashes around them: complete, and verifiable
  pack    the same in a .tar.gz with checkpoints, policies, two verifiers and a README: for a stranger
  csv     one row a record, or with --rows email one row an email, for people; cells cannot become formulas
  ocsf    OCSF 1.8.0 Email Activity, one event a line, for a SIEM

What is sealed stays out unless you ask: no address, subject or name without --values, no body or attachment without
--bodies. In jsonl and pack, records that a filter does not show are there as their hashes, so that the proof holds.
Who, what and why is on record before the first byte is written. jsonl and pack sign the trail as countersign audit checkpoint
does, and carry that checkpoint.

Examples:
  $ countersign audit export --out trail.jsonl
  $ countersign audit export --format pack --since 2026-10-01 --until 2026-11-01 --team finance --values --out october.tar.gz
  $ countersign audit export --format csv --effect deny --bom --out denied.csv
  $ countersign audit export --format csv --rows email --since 2026-11-01 --tz Europe/Berlin --values --out emails.csv
  $ countersign audit export --format ocsf --since 2026-11-23 | gzip > events.jsonl.gz
  $ AUDIT_BODY_READERS=ann countersign audit export --format pack --bodies --reason "Case 4711" --out case.tar.gz`;

function checkFlags(flags: ExportFlags, command: Command): void {
  const { out, format, bodies, reason, bom, json, rows } = flags;
  const isProved = format === "jsonl" || format === "pack";
  if (bodies && reason === undefined) command.error("error: --bodies needs --reason <text>");
  if (bodies && !isProved) command.error("error: --bodies goes with --format jsonl or pack only");
  if (bom && format !== "csv") command.error("error: --bom goes with --format csv only");
  if (rows !== undefined && format !== "csv") command.error("error: --rows goes with --format csv only");
  if (json && out === undefined) command.error("error: --json goes with --out <file> only");
  if (format === "pack" && out === undefined && process.stdout.isTTY)
    command.error("error: a pack is no text: --out <file> is needed");
  // Before it is on record that something left.
  if (out !== undefined && existsSync(out))
    throw new Error(
      printable(`Cannot write "${out}": there is such a file already, and nothing is overwritten`),
    );
}

async function write(trail: TrailStore, flags: ExportFlags, filter: RecordFilter): Promise<ExportHeader> {
  // Before it is on record that something left: what names nobody takes out nothing.
  await refuseUnknown(trail, filter);
  const recorded = await recordExport(trail, flags, filter);
  const { format, bom = false, out, rows = "record" } = flags;
  const isProved = format === "jsonl" || format === "pack";
  const checkpoint = isProved ? await signExport(trail) : undefined;
  const header = await planExport(trail, { ...recorded, origin: await originOf(trail), checkpoint });
  const onRecords = progressOf(header.to - header.from);
  const chunks = exportChunks(trail, { header, format, bom, rows, onRecords });
  await (out === undefined ? writeOut(chunks) : saveFile(out, chunks));
  return header;
}

/** Signs the trail with the record of the export. One that may not be signed can still be handed out, unsigned: it is evidence. */
async function signExport(trail: TrailStore): Promise<StoredCheckpoint | undefined> {
  try {
    const { latest, failures } = await signNow(trail, process.env);
    for (const { to, message } of failures)
      console.error(printable(`Cannot deliver the checkpoint to ${to}: ${message}`));
    return latest;
  } catch (error) {
    if (error instanceof TrailUnavailableError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    console.error(printable(`${why}. The export is not signed: verifying it with --key finds that`));
    return undefined;
  }
}

/** As its newest checkpoint says, else as it is configured. */
async function originOf(trail: TrailStore): Promise<string> {
  const { auditOrigin = `countersign/${hostname()}` } = parseEnv(process.env, ["auditOrigin"]);
  for await (const { note } of trail.checkpoints({ newestFirst: true, limit: 1 }))
    return readOrigin(note) ?? auditOrigin;
  return auditOrigin;
}

function readOrigin(note: string): string | undefined {
  try {
    return parseCheckpoint(note).origin;
  } catch {
    return undefined;
  }
}

/** A line on a terminal that tells how far it is. */
function progressOf(total: number): (count: number) => void {
  const stream = progressStream();
  return (count) => stream?.write(count >= total ? "\r\x1b[K" : `\r\x1b[KWrote ${count} of ${total} records`);
}
