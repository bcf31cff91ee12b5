export { addSignatures } from "./add_signatures.ts";
export type { Checkpoint } from "./checkpoint.ts";
export { formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
export { firstSigned } from "./first_signed.ts";
export {
  formatNote,
  formatSignature,
  type Note,
  NoteError,
  type NoteSignature,
  parseNote,
  parseSignatures,
} from "./note.ts";
export { createNoteSigner, type NoteSigner } from "./note_signer.ts";
export { type OpenedNote, openNote } from "./open_note.ts";
export { parseTlogPolicy, type Quorum, type TlogPolicy, wantingOf } from "./tlog_policy.ts";
export type { VerifierKey } from "./verifier_key.ts";
export { createVerifierKey, isWitnessKey, keyLabel, parseVerifierKey } from "./verifier_key.ts";
export { verifySignature } from "./verify_signature.ts";
export { parseVouch, vouchText } from "./vouch_text.ts";
