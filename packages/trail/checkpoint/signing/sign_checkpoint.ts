import { checkpointEntry } from "../../record/checkpoint.ts";
import type { TrailStore } from "../../store/store.ts";
import type { StoredCheckpoint } from "../../store/stored.ts";
import type { TreeHead } from "../../tree/tree_head.ts";
import { formatCheckpoint, formatNote, keyLabel, type NoteSigner } from "../mod.ts";

/** How a checkpoint is signed. */
export interface SignCheckpointOptions {
  /** Names the trail. */
  readonly origin: string;
  /** The first is the one that the record names. */
  readonly signers: readonly [NoteSigner, ...NoteSigner[]];
  /** Epoch milliseconds. */
  readonly at: number;
  /** What is signed. Whoever signs has made sure that it extends what was signed before. */
  readonly head: TreeHead;
}

/**
 * Signs the tree as it is, and keeps note and record in one durable step.
 *
 * @throws {TrailUnavailableError} when it cannot be written
 */
export async function signCheckpoint(
  trail: TrailStore,
  { origin, signers, at, head }: SignCheckpointOptions,
): Promise<StoredCheckpoint> {
  const text = formatCheckpoint(origin, head);
  const note = formatNote({ text, signatures: signers.map(({ sign }) => sign(text)) });
  const key = keyLabel(signers[0].key);
  const [size, root] = [head.size, Buffer.from(head.root).toString("hex")];
  const { seq } = await trail.append(checkpointEntry({ origin, size, root, key }, { at, note }));
  return { seq, note };
}
