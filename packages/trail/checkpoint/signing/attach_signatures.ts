import type { TrailStore } from "../../store/store.ts";
import type { StoredCheckpoint } from "../../store/stored.ts";
import { addSignatures, firstSigned, type NoteSignature, parseNote } from "../mod.ts";

/**
 * Keeps signatures beside those that a stored checkpoint has. Whoever calls has verified them.
 *
 * @throws {TrailUnavailableError} when it cannot be written
 * @throws {RangeError} when there is no such checkpoint, or its note is not the one that was signed
 */
export async function attachSignatures(
  trail: TrailStore,
  seq: number,
  { signatures }: { readonly signatures: readonly NoteSignature[] },
): Promise<StoredCheckpoint> {
  // As it is now: another gateway may have added to it.
  const stored = await storedCheckpoint(trail, seq);
  for await (const { record } of trail.records({ fromSeq: seq, limit: 1 })) {
    if (stored === undefined || record.kind !== "checkpoint") break;
    const first = firstSigned(parseNote(stored.note), record.data.note);
    if (first === undefined) break;
    const note = addSignatures(stored.note, signatures, first.signatures.length);
    await trail.replaceNote(seq, note);
    return { seq, note };
  }
  throw new RangeError(`Cannot add to checkpoint ${seq}: it is not there, or not as it was signed`);
}

async function storedCheckpoint(trail: TrailStore, seq: number): Promise<StoredCheckpoint | undefined> {
  for await (const stored of trail.checkpoints({ newestFirst: true })) {
    if (stored.seq <= seq) return stored.seq === seq ? stored : undefined;
  }
  return undefined;
}
