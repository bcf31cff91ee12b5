import { open, stat } from "node:fs/promises";
import {
  isTlogProof,
  parseProof,
  parseTlogProof,
  type VerifyTrailOptions,
  type VerifyTrailResult,
  verifyProof,
  verifyTrail,
} from "@countersign/trail";
import { type ExportHeader, openExport } from "@countersign/trail/export";
import { readBounded } from "../../terminal/read_bounded.ts";

/** What was found in a file. */
export type VerifiedFile =
  | { readonly is: "export"; readonly header: ExportHeader; readonly result: VerifyTrailResult }
  | {
      readonly is: "proof";
      readonly records: number;
      readonly size: number;
      readonly isSigned: boolean;
      /** A key was given: who signed is known. */
      readonly isPinned: boolean;
      readonly problems: ReturnType<typeof verifyProof>;
    };

/** Of a proof, and of a record beside one. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_RECORD_BYTES = 1024 * 1024;

/** How to verify a file. */
export interface VerifyFileOptions extends VerifyTrailOptions {
  /** File with the record's line, for a proof in C2SP's form that has none. */
  readonly record?: string | undefined;
}

/**
 * Verifies an export, an evidence pack, packed or not, or a proof.
 *
 * @throws {Error} when it is none of these
 */
export async function verifyFile(
  path: string,
  { record, ...options }: VerifyFileOptions,
): Promise<VerifiedFile> {
  const form = await formOf(path);
  if (form !== "export") {
    const text = await readBounded(path, MAX_BYTES);
    const line = record === undefined ? undefined : await readBounded(record, MAX_RECORD_BYTES);
    const proof = form === "tlog-proof" ? parseTlogProof(text, line) : parseProof(text);
    const { keys = [], since = [], policy } = options;
    if (since.length > 0) throw new Error("Cannot compare a proof with a checkpoint: an export is needed");
    const problems = verifyProof(proof, { keys, policy });
    const { records, size, checkpoint } = proof;
    return {
      ...{ is: "proof", records: records.length, size, problems },
      ...{ isSigned: checkpoint !== null, isPinned: keys.length > 0 || (policy?.logs.length ?? 0) > 0 },
    };
  }
  const opened = await openExport(path);
  return { is: "export", header: opened.header, result: await verifyTrail(opened, options) };
}

async function formOf(path: string): Promise<"export" | "proof" | "tlog-proof"> {
  try {
    if ((await stat(path)).isDirectory()) return "export";
    const file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(256), 0, 256, 0);
    await file.close();
    const start = buffer.toString("latin1");
    if (isTlogProof(start)) return "tlog-proof";
    return /^\{\s*"format":\s*"countersign-proof@v1"/.test(start) ? "proof" : "export";
  } catch {
    // What is wrong with it is told by whoever opens it to read it.
    return "export";
  }
}
