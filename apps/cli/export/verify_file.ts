import { open, stat } from "node:fs/promises";
import {
  parseProof,
  type VerifyTrailOptions,
  type VerifyTrailResult,
  verifyProof,
  verifyTrail,
} from "@countersign/trail";
import { type ExportHeader, openExport } from "@countersign/trail/export";
import { readBounded } from "../read_bounded.ts";

/** What was found in a file. */
export type VerifiedFile =
  | { readonly is: "export"; readonly header: ExportHeader; readonly result: VerifyTrailResult }
  | {
      readonly is: "proof";
      readonly records: number;
      readonly size: number;
      readonly isSigned: boolean;
      readonly problems: ReturnType<typeof verifyProof>;
    };

/** Of a proof. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Verifies an export, an evidence pack, packed or not, or a proof.
 *
 * @throws {Error} when it is none of these
 */
export async function verifyFile(path: string, options: VerifyTrailOptions): Promise<VerifiedFile> {
  if (await isProof(path)) {
    const proof = parseProof(await readBounded(path, MAX_BYTES));
    const problems = verifyProof(proof, { keys: options.keys ?? [] });
    const { records, size, checkpoint } = proof;
    return { is: "proof", records: records.length, size, isSigned: checkpoint !== null, problems };
  }
  const opened = await openExport(path);
  return { is: "export", header: opened.header, result: await verifyTrail(opened, options) };
}

async function isProof(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return false;
    const file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(256), 0, 256, 0);
    await file.close();
    return buffer.toString("latin1").includes('"countersign-proof@v1"');
  } catch {
    // What is wrong with it is told by whoever opens it to read it.
    return false;
  }
}
