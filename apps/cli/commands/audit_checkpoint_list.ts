import { keyLabel, parseCheckpoint } from "@countersign/trail";
import { Command } from "commander";
import { parseLimit } from "../audit/parse_limit.ts";
import { withTrail } from "../audit/with_trail.ts";
import { formatTable } from "../terminal/format_table.ts";
import { printable } from "../terminal/printable.ts";
import { hint } from "../terminal/talk.ts";

/** So many are listed unless the command line says otherwise. */
const LIMIT = 50;

/** A checkpoint, as it is listed. */
interface ListedCheckpoint {
  readonly seq: number;
  readonly at: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly root: string;
  /** `<name>+<key id>` of every key that has a signature on it, valid or not. */
  readonly signatures: readonly string[];
}

/** `countersign audit checkpoint list`: the newest checkpoints, oldest first. Nothing is verified. */
export function auditCheckpointListCommand(): Command {
  return new Command("list")
    .description("Lists the newest checkpoints, the newest last. audit verify tells whether they are valid.")
    .option("--limit <n>", `how many at most (default: ${LIMIT}; with --json all)`, parseLimit)
    .option("--json", "print one array of {seq, at, size, root, signatures}")
    .action(async ({ json, limit }: { json?: boolean; limit?: number }) => {
      const { list, total } = await readList(limit ?? (json ? undefined : LIMIT));
      const isCut = list.length < total;
      const count = `${list.length} of ${total} checkpoints${isCut ? `; --limit ${total} shows all` : ""}`;
      if (json) console.log(JSON.stringify(list));
      if (json && isCut) hint(count);
      if (json) return;
      console.log(
        total === 0 ? "The trail has no checkpoint" : `${format(list)}${isCut ? `\n${count}` : ""}`,
      );
    });
}

async function readList(
  most: number | undefined,
): Promise<{ readonly list: readonly ListedCheckpoint[]; readonly total: number }> {
  return withTrail(async (trail) => {
    const limit = most === undefined ? {} : { limit: most };
    const total = await trail.count({ kind: "checkpoint" });
    const list: ListedCheckpoint[] = [];
    for await (const { record } of trail.records({ kind: "checkpoint", newestFirst: true, ...limit })) {
      const { size, root } = record.data;
      list.push({ seq: record.seq, at: record.at, size, root, signatures: [] });
    }
    const notes = new Map<number, string>();
    for await (const { seq, note } of trail.checkpoints({ newestFirst: true, ...limit }))
      notes.set(seq, note);
    const signed = list.reverse().map((one) => ({ ...one, signatures: signaturesOf(notes.get(one.seq)) }));
    return { list: signed, total };
  });
}

function signaturesOf(note: string | undefined): readonly string[] {
  try {
    return parseCheckpoint(note ?? "").note.signatures.map(keyLabel);
  } catch {
    return [];
  }
}

function format(list: readonly ListedCheckpoint[]): string {
  const rows = list.map(({ seq, at, size, root, signatures }) => [
    String(seq),
    `${at.slice(0, 10)} ${at.slice(11, 19)}`,
    String(size),
    root.slice(0, 16),
    signatures.map(printable).join(" "),
  ]);
  const { isTTY, columns } = process.stdout;
  const header = ["SEQ", "TIME (UTC)", "RECORDS", "ROOT", "SIGNED BY"];
  return formatTable([header, ...rows], isTTY ? { width: columns } : {});
}
