import { type Checkpoint, firstSigned, keyLabel, type Note, parseCheckpoint } from "../checkpoint/mod.ts";
import type { CheckpointData } from "../record/checkpoint.ts";
import type { TrailRecord } from "../record/record.ts";
import type { StoredCheckpoint } from "../store/stored.ts";
import type { TrailEnd, TrailPage, TrailRow } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import type { SignatureTally } from "./_signature_tally.ts";
import type { TreeCheck } from "./_tree_check.ts";
import type { Walk } from "./_walk.ts";
import type { KnownKeys } from "./known_keys.ts";

/** What checkpoints are compared with. */
export interface CheckpointCheckOptions {
  readonly tree: TreeCheck;
  readonly keys: KnownKeys;
  readonly tally: SignatureTally;
}

/** A checkpoint whose tree is too long ago to be remembered. */
export interface LateCheckpoint {
  readonly seq: number;
  readonly size: number;
  readonly root: string;
}

/** Compares each checkpoint with its note, its keys and the tree as it was. A signature costs about 60 us, and no record else anything. */
export class CheckpointCheck implements Check {
  readonly #walk: Walk;
  readonly #options: CheckpointCheckOptions;
  readonly late: LateCheckpoint[] = [];
  #notes: Map<number, StoredCheckpoint> | undefined;
  #isCovered = false;
  /** Of the largest tree whose root was that of the records. */
  #goodSize = 0;

  constructor(walk: Walk, options: CheckpointCheckOptions) {
    this.#walk = walk;
    this.#options = options;
  }

  /** Whether a key that counts signed the whole tree, whose record comes after an export. */
  get isCovered(): boolean {
    return this.#isCovered;
  }

  beginPage({ checkpoints }: TrailPage): void {
    this.#notes = checkpoints && new Map(checkpoints.map((note) => [note.seq, note]));
  }

  row({ seq }: TrailRow, record: TrailRecord | undefined): void {
    if (!this.#walk.isInPlace(seq, record)) return;
    if (record.kind === "checkpoint") this.#checkRecord(seq, record.data);
    else if (this.#notes?.has(seq)) {
      const message = `A checkpoint's note lies beside record ${seq}, which is none`;
      this.#walk.problems.add(seq, "added", message);
    }
  }

  end({ covering = [] }: TrailEnd): void {
    for (const stored of covering) this.#isCovered = this.#checkCovering(stored) || this.#isCovered;
  }

  /** Compares a checkpoint with the tree's root; undefined: nobody knows it. */
  compareRoot({ seq, size, root }: LateCheckpoint, made: Uint8Array | undefined): void {
    const { problems } = this.#walk;
    if (made === undefined) return;
    if (Buffer.from(made).toString("hex") === root) this.#goodSize = Math.max(this.#goodSize, size);
    else if (!problems.concern(this.#goodSize, size)) {
      const from = Math.min(this.#goodSize, Math.max(0, size - 1));
      problems.add(
        from,
        "rewritten",
        `One of the records ${from} to ${size - 1} is not what checkpoint ${seq} signed`,
      );
    }
  }

  #checkRecord(seq: number, data: CheckpointData): void {
    const { size } = data;
    if (!Number.isSafeInteger(size) || size < 0 || size > seq) {
      const message = `Checkpoint ${seq} is about records that come after it`;
      this.#walk.problems.add(seq, "forged", message);
      return;
    }
    if (this.#isNoteSound(seq, data)) this.#checkRoot(seq, data);
  }

  #checkRoot(seq: number, { size, root }: CheckpointData): void {
    const { tree } = this.#options;
    if (!tree.knows(seq)) return;
    const made = tree.rootAt(size);
    if (made === undefined && size >= this.#walk.from) this.late.push({ seq, size, root });
    else this.compareRoot({ seq, size, root }, made);
  }

  /** Checks who signed. Whether the record says what was signed, by whomever; also without a note. */
  #isNoteSound(seq: number, data: CheckpointData): boolean {
    const { problems } = this.#walk;
    if (this.#notes === undefined) return true;
    const stored = this.#notes.get(seq);
    if (stored === undefined) {
      problems.add(seq, "removed", `The note of checkpoint ${seq} is missing`);
      return true;
    }
    const checkpoint = readCheckpoint(stored.note);
    const note = checkpoint && firstSigned(checkpoint.note, data.note);
    if (checkpoint === undefined || note === undefined) {
      problems.add(seq, "changed", `The note of checkpoint ${seq} is not the one that was signed`);
      return false;
    }
    const { origin, size, root } = checkpoint;
    if (origin !== data.origin || size !== data.size || Buffer.from(root).toString("hex") !== data.root) {
      problems.add(seq, "changed", `Checkpoint ${seq} does not say what its note says`);
      return false;
    }
    this.#checkSignatures(seq, note, data);
    this.#options.tally.addWitnesses(seq, checkpoint);
    return true;
  }

  #checkSignatures(seq: number, note: Note, { key, size }: CheckpointData): void {
    const { problems } = this.#walk;
    const { keys, tally } = this.#options;
    const { signedBy, forgedFor } = keys.open(note);
    for (const known of signedBy) known.checkpoints++;
    const labels = signedBy.map((known) => keyLabel(known.key));
    if (forgedFor.length > 0 || !labels.includes(key)) {
      problems.add(seq, "forged", `Checkpoint ${seq} has no valid signature by the key that it names`);
    } else if (signedBy.some(({ counts }) => counts)) {
      tally.add(size);
    } else if (seq > (keys.countsSince ?? seq)) {
      problems.add(
        seq,
        "forged",
        `Checkpoint ${seq} is signed by a key for which none that is trusted vouches`,
      );
    }
  }

  /** Compares a note about the whole tree, whose record comes later; whether a key that counts signed it. */
  #checkCovering({ seq, note: text }: StoredCheckpoint): boolean {
    const { problems, declared, head } = this.#walk;
    const { keys, tally } = this.#options;
    const checkpoint = readCheckpoint(text);
    if (checkpoint?.size !== head.size || Buffer.compare(checkpoint.root, head.root) !== 0) {
      problems.add(null, "changed", `Checkpoint ${seq} does not say what the proof says`);
      return false;
    }
    if (declared !== undefined && checkpoint.origin !== declared.origin) {
      const message = `Checkpoint ${seq} is of another trail than the export says that it is from`;
      problems.add(null, "changed", message);
      return false;
    }
    const { signedBy, forgedFor } = keys.open(checkpoint.note);
    if (forgedFor.length > 0 || signedBy.length === 0) {
      problems.add(null, "forged", `Checkpoint ${seq} has no valid signature by a key that is known`);
      return false;
    }
    tally.addWitnesses(seq, checkpoint);
    for (const known of signedBy) known.checkpoints++;
    if (!signedBy.some(({ counts }) => counts)) return false;
    tally.add(checkpoint.size);
    return true;
  }
}

function readCheckpoint(text: string): Checkpoint | undefined {
  try {
    return parseCheckpoint(text);
  } catch {
    return undefined;
  }
}
