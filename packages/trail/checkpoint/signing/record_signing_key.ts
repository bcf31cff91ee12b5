import { type SigningKeyData, signingKeyEntry } from "../../record/signing_key.ts";
import type { TrailStore } from "../../store/store.ts";
import { formatNote, keyLabel, type NoteSigner, parseVerifierKey, vouchText } from "../mod.ts";

/** Which key is put on record. */
export interface RecordSigningKeyOptions {
  readonly signer: NoteSigner;
  /** The key that signs now, as the trail has it; null: none has signed yet. */
  readonly current: SigningKeyData | null;
  /** The current key, if it is at hand: it vouches for the new one. */
  readonly predecessor: NoteSigner | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Puts a key on record that is about to sign for the first time.
 *
 * @throws {TrailUnavailableError} when it cannot be written
 */
export async function recordSigningKey(
  trail: TrailStore,
  { signer, current, predecessor, at }: RecordSigningKeyOptions,
): Promise<void> {
  const text = vouchText(signer.key.text);
  const data = {
    verifier: signer.key.text,
    previous: current === null ? null : keyLabel(parseVerifierKey(current.verifier)),
    vouch: predecessor === undefined ? null : formatNote({ text, signatures: [predecessor.sign(text)] }),
  };
  await trail.append(signingKeyEntry(data, at));
}
