import { consistencyProof, type HashReader } from "../../tree/mod.ts";
import { NoteError, type NoteSignature, parseCheckpoint, parseSignatures, verifySignature } from "../mod.ts";
import { postText, type TextAnswer } from "./_post_text.ts";
import type { Witness } from "./witness.ts";

/** What a witness is asked to cosign. */
export interface AddCheckpointOptions {
  /** A checkpoint. */
  readonly note: string;
  /** Size of the tree that the witness cosigned last, as far as is known; 0: nobody knows. */
  readonly oldSize: number;
  /** Where proofs are made from. */
  readonly tree: HashReader;
}

/**
 * Asks a witness for its cosignature (https://c2sp.org/tlog-witness `add-checkpoint`), once more when it names another size
 * that it cosigned last. Only a valid one is returned.
 *
 * @throws {Error} that says why there is none
 */
export async function addCheckpoint(
  witness: Witness,
  { note, oldSize, tree }: AddCheckpointOptions,
): Promise<readonly NoteSignature[]> {
  const { size } = parseCheckpoint(note);
  const ask = async (old: number) => {
    const proof = await consistencyProof(old, size, tree);
    const lines = [`old ${old}`, ...proof.map((hash) => Buffer.from(hash).toString("base64"))];
    return postText(`${witness.url}/add-checkpoint`, `${lines.join("\n")}\n\n${note}`);
  };
  let answer = await ask(Math.min(oldSize, size));
  const known = answer.status === 409 ? knownSize(answer) : undefined;
  if (known !== undefined) {
    if (known > size)
      throw new Error(
        `it has cosigned a tree of ${known} records, and this one has ${size}; was an older copy restored?`,
      );
    if (known !== oldSize) answer = await ask(known);
  }
  if (answer.status !== 200)
    throw new Error(REFUSALS[answer.status] ?? `the answer was ${answer.status}, want 200`);
  return cosignatures(answer.body, note, witness);
}

const REFUSALS: Readonly<Record<number, string>> = {
  403: "it does not know the key that signed the checkpoint (403): give it the key of audit checkpoint --show-key",
  404: "it does not know this trail's origin (404): ask its operator to add the origin and the key",
  409: "it has cosigned another tree of this size (409): was the trail rewritten?",
  422: "it does not find the tree to extend the one that it cosigned last (422): was the trail rewritten?",
};

function knownSize({ type, body }: TextAnswer): number | undefined {
  const size = /^(0|[1-9]\d{0,15})\n$/.exec(body)?.[1];
  return type === "text/x.tlog.size" && size !== undefined && Number.isSafeInteger(Number(size))
    ? Number(size)
    : undefined;
}

function cosignatures(body: string, note: string, { key }: Witness): readonly NoteSignature[] {
  const { text } = parseCheckpoint(note).note;
  let found: readonly NoteSignature[];
  try {
    found = parseSignatures(body);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw new Error("its answer is no signature", { cause: error });
  }
  const own = found.filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0) throw new Error("its answer has no signature by the key that is configured for it");
  if (!own.every((signature) => verifySignature(text, signature, key)))
    throw new Error("its signature is not valid, and is not kept");
  return own.slice(0, 1);
}
