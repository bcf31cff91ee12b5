import { type CheckpointData, keyLabel, parseCheckpoint } from "@countersign/trail";
import { Command } from "commander";
import { formatTable } from "../format_table.ts";
import { printable } from "../printable.ts";
import { withTrail } from "../with_trail.ts";

/** How many are shown. */
const MOST = 50;

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
    .description(
      `Lists the newest ${MOST} checkpoints, the newest last. audit verify tells whether they are valid.`,
    )
    .option("--json", "print one array of {seq, at, size, root, signatures}")
    .action(async ({ json }: { json?: boolean }) => {
      const list = await readList();
      if (json) console.log(JSON.stringify(list));
      else if (list.length === 0) console.log("The trail has no checkpoint");
      else console.log(format(list));
    });
}

async function readList(): Promise<readonly ListedCheckpoint[]> {
  return withTrail(async (trail) => {
    const list: ListedCheckpoint[] = [];
    for await (const { record } of trail.records({ kind: "checkpoint", newestFirst: true, limit: MOST })) {
      const { size, root } = record.data as CheckpointData;
      list.push({ seq: record.seq, at: record.at, size, root, signatures: [] });
    }
    const notes = new Map<number, string>();
    for await (const { seq, note } of trail.checkpoints({ newestFirst: true, limit: MOST }))
      notes.set(seq, note);
    return list.reverse().map((one) => ({ ...one, signatures: signaturesOf(notes.get(one.seq)) }));
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
  return formatTable([["SEQ", "TIME (UTC)", "RECORDS", "ROOT", "SIGNED BY"], ...rows], {
    maxWidth: Math.max(120, process.stdout.columns ?? 0),
  });
}
