import {
  attachSignatures,
  type NoteSignature,
  openNote,
  parseNote,
  parseSignatures,
  parseWitness,
  type StoredCheckpoint,
  type TrailStore,
  type VerifierKey,
} from "@countersign/trail";
import { readBounded } from "../../terminal/read_bounded.ts";
import { configuredWitnesses } from "../configured_witnesses.ts";
import { withWritableTrail } from "../with_trail.ts";

/** Of the file. */
const MAX_BYTES = 1024 * 1024;

/** How many of the newest checkpoints are tried. */
const MOST = 10_000;

/**
 * Keeps a witness' cosignature beside the checkpoint that it is for. The file has a whole note, or signature lines alone.
 *
 * @throws {Error} when there is no valid one of a witness that is known
 */
export async function attachCosignatures(
  file: string,
  witness: string | undefined,
): Promise<StoredCheckpoint> {
  const keys = configuredWitnesses(process.env).map(({ key }) => key);
  if (witness !== undefined) keys.push(parseWitness({ url: "", key: witness }).key);
  if (keys.length === 0)
    throw new Error(`Cannot use "${file}": no witness is known, so give its key with --witness`);
  const signatures = signaturesIn(await readBounded(file, MAX_BYTES)).filter((one) =>
    keys.some(({ name, id }) => name === one.name && id === one.id),
  );
  if (signatures.length === 0)
    throw new Error(`Cannot use "${file}": it has no signature of a witness that is known`);
  return withWritableTrail((trail) => attach(trail, { signatures, keys, file }));
}

function signaturesIn(text: string): readonly NoteSignature[] {
  return text.startsWith("\u2014 ") ? parseSignatures(text) : parseNote(text).signatures;
}

async function attach(
  trail: TrailStore,
  { signatures, keys, file }: AttachOptions,
): Promise<StoredCheckpoint> {
  for await (const stored of trail.checkpoints({ newestFirst: true, limit: MOST })) {
    const { text } = parseNote(stored.note);
    const valid = signatures.filter((one) => openNote({ text, signatures: [one] }, keys).signedBy.length > 0);
    if (valid.length > 0) return attachSignatures(trail, stored.seq, { signatures: valid });
  }
  throw new Error(`Cannot use "${file}": its signature is not valid for any checkpoint of this trail`);
}

interface AttachOptions {
  readonly signatures: readonly NoteSignature[];
  readonly keys: readonly VerifierKey[];
  readonly file: string;
}
