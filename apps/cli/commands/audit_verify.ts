import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "@countersign/host";
import {
  isWitnessKey,
  NoteError,
  type OutsideCheckpoint,
  parseCheckpoint,
  parseTlogPolicy,
  parseVerifierKey,
  type TlogPolicy,
  type VerifierKey,
  type VerifyTrailOptions,
  verifyTrail,
} from "@countersign/trail";
import { Command, InvalidArgumentError } from "commander";
import { configuredWitnesses } from "../audit/configured_witnesses.ts";
import { formatVerifiedFile } from "../audit/export/format_verified_file.ts";
import { type VerifiedFile, verifyFile } from "../audit/export/verify_file.ts";
import { formatVerified } from "../audit/format_verified.ts";
import { VerifyProgressLine } from "../audit/verify_progress_line.ts";
import { withUncheckedTrail } from "../audit/with_trail.ts";
import { printable } from "../terminal/printable.ts";
import { readBounded } from "../terminal/read_bounded.ts";
import { isQuiet, paint, progressStream } from "../terminal/talk.ts";

interface VerifyFlags {
  readonly since: readonly string[];
  readonly key: readonly VerifierKey[];
  readonly witness: readonly VerifierKey[];
  readonly policy?: string;
  readonly record?: string;
  readonly json?: boolean;
}

/** Of a checkpoint's file. */
const MAX_BYTES = 1024 * 1024;

/** `countersign audit verify`: recomputes everything. Exits 0 when nothing was tampered with, 1 otherwise. */
export function auditVerifyCommand(): Command {
  return new Command("verify")
    .description(
      "Recomputes the whole trail, and names what was changed, removed, added, reordered, cut off, rewritten or forged.",
    )
    .argument("[path]", "an export, an evidence pack, its folder, or a proof; without it, the trail")
    .option(
      "--since <file>",
      "compare with a checkpoint that was kept elsewhere, besides the newest in DATA_DIR/checkpoints; may be repeated",
      collect,
      [],
    )
    .option(
      "--key <key>",
      "count only what this verifier key signed, or vouches for; may be repeated",
      collectKeys,
      [],
    )
    .option("--witness <key>", "look for this witness' cosignatures; may be repeated", collectWitnesses, [])
    .option(
      "--policy <file>",
      "count a checkpoint only if the logs and the quorum of witnesses in this C2SP tlog-policy signed it; one has to be",
    )
    .option("--record <file>", "the line of the record that a .tlog-proof is about, if it is not in it")
    .option(
      "--json",
      'print {"ok": …, "shown": …, "withheld": …, "size": …, "root": …, "checkpoints": …} or {"ok": false, …, "problems": […]}',
    )
    .addHelpText("after", EXAMPLES)
    .action(async (path: string | undefined, flags: VerifyFlags) => {
      const { json, since: files, key: keys, witness, record } = flags;
      const outside = await Promise.all(files.map(readOutside));
      const witnesses = [...witness, ...configuredWitnesses(process.env).map(({ key }) => key)];
      const policy = flags.policy === undefined ? undefined : await readPolicy(flags.policy);
      const stream = progressStream();
      const line = stream && new VerifyProgressLine(stream);
      const options: VerifyTrailOptions = {
        since: outside,
        keys,
        witnesses,
        policy,
        ...(line !== undefined && { onProgress: (progress) => line.show(progress) }),
      };
      if (path !== undefined) {
        const found = await verifyFile(path, { ...options, record });
        line?.end();
        showFile(found, { outside, isPinned: keys.length > 0 || (policy?.logs.length ?? 0) > 0, json });
        return;
      }
      const since = [...outside, ...(await newestOfDataDir())];
      const result = await withUncheckedTrail((trail) => verifyTrail(trail, { ...options, since }));
      line?.end();
      process.exitCode = result.ok ? 0 : 1;
      const shown = result.ok ? { ...result, root: Buffer.from(result.root).toString("hex") } : result;
      if (json) console.log(JSON.stringify(shown));
      else showLines(formatVerified(result, since), result.ok);
    });
}

const EXAMPLES = `
Whoever can write the whole trail and has its signing key can rewrite it without a trace in it. A checkpoint that they
cannot get at shows it all the same: keep some elsewhere, and give them with --since. The newest in DATA_DIR/checkpoints
is compared with in any case.
Without --key, every key that the trail names counts. Witnesses in AUDIT_WITNESSES are looked for too.

An export, an evidence pack or a proof, also a .tlog-proof, is verified without a trail, a database or a network. With --key,
an export has to have a checkpoint of its whole tree that the key signed. A checkpoint that cannot be compared is a problem.

A policy (https://c2sp.org/tlog-policy) names logs, witnesses, groups of them and a quorum in a file.

Exits 0 when it is whole, 1 otherwise.

Examples:
  $ countersign audit verify
  $ countersign audit verify --since data/checkpoints/latest.txt
  $ countersign audit verify --key "$(cat trail.vkey)" --since /mnt/worm/latest.txt
  $ countersign audit verify --policy witnesses.policy
  $ countersign audit verify october.tar.gz --key "$(cat trail.vkey)"
  $ DATA_DIR=data/demo countersign audit verify --json`;

function showFile(
  found: VerifiedFile,
  {
    outside,
    isPinned,
    json,
  }: { outside: readonly OutsideCheckpoint[]; isPinned: boolean; json: boolean | undefined },
): void {
  const problems = found.is === "proof" ? found.problems : found.result.ok ? [] : found.result.problems;
  const ok = problems.length === 0;
  process.exitCode = ok ? 0 : 1;
  const about = found.is === "proof" ? { records: found.records, size: found.size } : found.header;
  const counts = found.is === "proof" ? {} : { shown: found.result.shown, withheld: found.result.withheld };
  if (json)
    console.log(JSON.stringify(ok ? { ok, ...counts, [found.is]: about } : { ok, ...counts, problems }));
  else showLines(formatVerifiedFile(found, { outside, isPinned }), ok);
}

/** The verdict in its colour: it comes first when all is well, and last after what is not. */
function showLines(lines: readonly string[], ok: boolean): void {
  if (ok && isQuiet()) return;
  const verdict = ok ? 0 : lines.length - 1;
  const shown = lines
    .map(printable)
    .map((line, index) => (index === verdict ? paint(ok ? "good" : "bad", line) : line));
  console.log(shown.join("\n"));
}

/** The newest checkpoint beside the trail: somebody who has its database alone cannot have changed that. */
async function newestOfDataDir(): Promise<readonly OutsideCheckpoint[]> {
  const folder = join(parseEnv(process.env, ["dataDir"]).dataDir, "checkpoints");
  const names = await readdir(folder).catch(() => []);
  const newest = names.filter((name) => /^\d{16}\.txt$/.test(name)).sort();
  const files = [newest.at(-1), names.find((name) => name === "latest.txt")];
  const found = await Promise.all(
    files.filter((name) => name !== undefined).map((name) => readOutside(join(folder, name))),
  );
  return found.toSorted((a, b) => b.checkpoint.size - a.checkpoint.size).slice(0, 1);
}

async function readPolicy(file: string): Promise<TlogPolicy> {
  // Names are compared by their bytes.
  const text = Buffer.from(await readBounded(file, MAX_BYTES)).toString("latin1");
  try {
    return parseTlogPolicy(text);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new Error(`Cannot use "${file}": ${error.message}`, { cause: error });
  }
}

async function readOutside(file: string): Promise<OutsideCheckpoint> {
  const text = await readBounded(file, MAX_BYTES);
  try {
    return { name: file, checkpoint: parseCheckpoint(text) };
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new Error(
      `Cannot use "${file}": ${error.message.replace(/^Cannot read/, "it cannot be read as")}`,
      {
        cause: error,
      },
    );
  }
}

function collect(text: string, list: readonly string[]): readonly string[] {
  return [...list, text];
}

function collectKeys(text: string, list: readonly VerifierKey[]): readonly VerifierKey[] {
  return [...list, parseKey(text, "log")];
}

function collectWitnesses(text: string, list: readonly VerifierKey[]): readonly VerifierKey[] {
  return [...list, parseKey(text, "witness")];
}

function parseKey(text: string, of: "log" | "witness"): VerifierKey {
  let key: VerifierKey;
  try {
    key = parseVerifierKey(text.trim());
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
  if (isWitnessKey(key) === (of === "witness")) return key;
  throw new InvalidArgumentError(of === "log" ? "It is a witness' key" : "It is no witness' key");
}
