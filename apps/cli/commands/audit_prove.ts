import { existsSync } from "node:fs";
import { formatTlogProof, proveRecords, type StoredRecord, type TrailStore } from "@countersign/trail";
import { saveFile } from "@countersign/trail/export";
import { Command } from "commander";
import { parseSeq } from "../audit/parse_limit.ts";
import { withTrail } from "../audit/with_trail.ts";
import { printable } from "../terminal/printable.ts";
import { hint } from "../terminal/talk.ts";

interface ProveFlags {
  readonly seq?: number;
  readonly out?: string;
  readonly tlogProof?: boolean;
}

/** `countersign audit prove`: that the records of a receipt are in the trail, for somebody who does not have it. */
export function auditProveCommand(): Command {
  return new Command("prove")
    .description(
      "Proves that records are in the trail, by hashes that a few lines of any language can check.",
    )
    .argument("[receipt]", "all its records")
    .option("--seq <n>", "instead: this record", parseSeq)
    .option("--out <file>", "into this new file; without it, to standard output")
    .option("--tlog-proof", "as C2SP tlog-proof, of the one record that --seq names")
    .addHelpText("after", EXAMPLES)
    .action(async (receipt: string | undefined, flags: ProveFlags, command: Command) => {
      const { seq, out, tlogProof } = flags;
      if ((receipt === undefined) === (seq === undefined))
        command.error("error: either a receipt or --seq <n> is needed");
      if (tlogProof && seq === undefined) command.error("error: --tlog-proof goes with --seq <n> only");
      if (out !== undefined && existsSync(out))
        throw new Error(printable(`Cannot write "${out}": there is such a file already`));
      const proof = await withTrail(async (trail) => proveRecords(trail, await find(trail, receipt, seq)));
      if (proof.checkpoint === null) hint(UNSIGNED);
      const text = tlogProof ? formatTlogProof(proof) : `${JSON.stringify(proof, undefined, 2)}\n`;
      if (out === undefined) process.stdout.write(text);
      else await saveFile(out, once(text));
    });
}

const UNSIGNED =
  "No checkpoint covers this yet, so nobody has signed what it is proved by: run countersign audit checkpoint first";

const EXAMPLES = `
The proof has the records as they were hashed (addresses, subjects and bodies are in them as commitments only), the hashes
beside their way to the root, and the newest signed checkpoint, if it covers them. How to check it:
packages/trail/docs/verifying.md; verify.mjs and verify.py beside it do, and so does audit verify.

Examples:
  $ countersign audit prove rcp_01M83C2A7AZGB1MW4VNPCH9VWZ > proof.json
  $ countersign audit verify proof.json
  $ countersign audit prove --seq 42 --tlog-proof --out record42.tlog-proof`;

async function find(
  trail: TrailStore,
  receipt: string | undefined,
  seq: number | undefined,
): Promise<readonly StoredRecord[]> {
  const found: StoredRecord[] = [];
  if (seq !== undefined)
    for await (const record of trail.records({ fromSeq: seq, limit: 1 })) found.push(record);
  else found.push(...(await trail.recordsOf(receipt ?? "")));
  const isFound = seq === undefined ? found.length > 0 : found[0]?.record.seq === seq;
  if (isFound) return found;
  const what = seq === undefined ? `receipt "${receipt}"` : `record ${seq}`;
  throw new Error(printable(`Cannot find ${what}: the trail in DATA_DIR has no record of it`));
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
