import { openNote, parseCheckpoint, parseVerifierKey, type VerifierKey } from "../checkpoint/mod.ts";
import { leafHash, verifyInclusion } from "../tree/mod.ts";
import { readRecord } from "../verify/_read_record.ts";
import type { TrailProblem } from "../verify/mod.ts";
import type { ProvedRecord, TrailProof } from "./trail_proof.ts";

/** How to verify a proof. */
export interface VerifyProofOptions {
  /** Keys that are known from elsewhere; without any, those that the proof names count. */
  readonly keys?: readonly VerifierKey[];
}

/** What does not agree in a proof; empty: it holds. Who signed is told only by keys that are known from elsewhere. */
export function verifyProof(
  proof: TrailProof,
  { keys = [] }: VerifyProofOptions = {},
): readonly TrailProblem[] {
  const wrong = proof.records.filter((record) => !isProved(record, proof));
  return [
    ...wrong.map(({ index }) => ({
      seq: index,
      what: "changed" as const,
      message: `Record ${index} is not proved to be in the tree`,
    })),
    ...(proof.records.length === 0 ? [problem("removed", "The proof has no record")] : []),
    ...checkpointProblems(proof, keys),
  ];
}

function isProved({ record, index, path }: ProvedRecord, { size, root }: TrailProof): boolean {
  const claim = { index, size, leaf: leafHash(record), root: bytesOf(root) };
  return readRecord(record)?.seq === index && verifyInclusion(claim, path.map(bytesOf));
}

function checkpointProblems(
  { checkpoint, size, root, keys: named }: TrailProof,
  keys: readonly VerifierKey[],
): readonly TrailProblem[] {
  if (checkpoint === null)
    return keys.length === 0 ? [] : [problem("forged", "There is no checkpoint, and so no signature")];
  try {
    const said = parseCheckpoint(checkpoint);
    if (said.size !== size || Buffer.compare(said.root, bytesOf(root)) !== 0)
      return [problem("changed", "The checkpoint does not say what the proof says")];
    const { signedBy, forgedFor } = openNote(said.note, keys.length > 0 ? keys : named.map(parseVerifierKey));
    const isSigned = signedBy.length > 0 && forgedFor.length === 0;
    return isSigned ? [] : [problem("forged", "The checkpoint is signed by no known key")];
  } catch (error) {
    return [problem("changed", error instanceof Error ? error.message : String(error))];
  }
}

function problem(what: TrailProblem["what"], message: string): TrailProblem {
  return { seq: null, what, message };
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}
