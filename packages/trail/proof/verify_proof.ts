import { parseCheckpoint, type TlogPolicy, type VerifierKey, wantingOf } from "../checkpoint/mod.ts";
import { readRecord } from "../record/read_record.ts";
import type { TrailProblem } from "../store/trail_problem.ts";
import { leafHash, verifyInclusion } from "../tree/mod.ts";
import { KnownKeys } from "../verify/known_keys.ts";
import { Problems } from "../verify/problems.ts";
import type { ProvedRecord, TrailProof } from "./trail_proof.ts";

/** How to verify a proof. */
export interface VerifyProofOptions {
  /**
   * Keys that are known from elsewhere: only they count, and those for which they vouch. Without any, those that the proof
   * names count.
   */
  readonly keys?: readonly VerifierKey[];
  /** What makes the checkpoint count; its logs are added to `keys`. */
  readonly policy?: TlogPolicy | undefined;
}

/**
 * What does not agree in a proof, at most 100; empty: it holds. Who signed is told only by keys that are known from elsewhere.
 */
export function verifyProof(
  proof: TrailProof,
  { keys = [], policy }: VerifyProofOptions = {},
): readonly TrailProblem[] {
  const problems = new Problems();
  const seen = new Set<number>();
  for (const record of proof.records) {
    const { index } = record;
    if (!isProved(record, proof))
      problems.add(index, "changed", `Record ${index} is not proved to be in the tree`);
    if (seen.has(index)) problems.add(index, "added", `Record ${index} is there twice`);
    seen.add(index);
    if (problems.isFull) break;
  }
  if (proof.records.length === 0) problems.add(null, "removed", "The proof has no record");
  checkCheckpoint(proof, { keys: [...keys, ...(policy?.logs ?? [])], policy }, problems);
  return problems.sorted();
}

function isProved({ record, index, path }: ProvedRecord, { size, root }: TrailProof): boolean {
  const claim = { index, size, leaf: leafHash(record), root: bytesOf(root) };
  return readRecord(record)?.seq === index && verifyInclusion(claim, path.map(bytesOf));
}

function checkCheckpoint(
  { checkpoint, size, root, keys: named, vouches = [] }: TrailProof,
  { keys = [], policy }: VerifyProofOptions,
  problems: Problems,
): void {
  if (checkpoint === null) {
    if (keys.length > 0 || policy !== undefined)
      problems.add(null, "forged", "There is no checkpoint, and so no signature");
    return;
  }
  try {
    const said = parseCheckpoint(checkpoint);
    if (said.size !== size || Buffer.compare(said.root, bytesOf(root)) !== 0)
      problems.add(null, "changed", "The checkpoint does not say what the proof says");
    const known = new KnownKeys(problems, keys);
    known.declare(named, vouches);
    const { signedBy, forgedFor } = known.open(said.note);
    if (forgedFor.length > 0 || !signedBy.some(({ counts }) => counts))
      problems.add(null, "forged", "The checkpoint is signed by no known key");
    const wanting = policy && wantingOf(said, policy);
    if (wanting !== undefined)
      problems.add(null, "forged", `The checkpoint does not fulfil the policy: ${wanting}`);
  } catch (error) {
    problems.add(null, "changed", error instanceof Error ? error.message : String(error));
  }
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}
