import { parseCheckpoint } from "../checkpoint/mod.ts";
import { namedSigningKeys } from "../checkpoint/signing/signing_key_history.ts";
import type { TrailStore } from "../store/store.ts";
import type { StoredRecord } from "../store/stored.ts";
import { inclusionProof } from "../tree/mod.ts";
import type { TreeHead } from "../tree/tree_head.ts";
import type { ProvedRecord, TrailProof } from "./trail_proof.ts";

/**
 * Proves that records are in the trail, by the newest checkpoint if it covers them all, else by the head, which nobody signed.
 *
 * @throws {TrailUnavailableError} when the trail cannot be read
 * @throws {RangeError} when a hash is missing
 */
export async function proveRecords(trail: TrailStore, records: readonly StoredRecord[]): Promise<TrailProof> {
  const last = Math.max(...records.map(({ record }) => record.seq));
  const { size, root, note } = await headOver(trail, last);
  const proved: ProvedRecord[] = [];
  for (const { record, json } of records) {
    const path = await inclusionProof(record.seq, size, trail);
    proved.push({ record: json, index: record.seq, path: path.map(hex) });
  }
  const signing = await namedSigningKeys(trail, size);
  return {
    ...{ format: "countersign-proof@v1", size, root: hex(root), checkpoint: note },
    ...signing,
    records: proved,
  } as const;
}

async function headOver(
  trail: TrailStore,
  seq: number,
): Promise<TreeHead & { readonly note: string | null }> {
  const head = await trail.head();
  for await (const { note } of trail.checkpoints({ newestFirst: true, limit: 1 })) {
    const { size, root } = parseCheckpoint(note);
    if (size > seq && size <= head.size) return { size, root, note };
  }
  return { ...head, note: null };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
