import {
  firstSigned,
  keyLabel,
  type Note,
  openNote,
  parseCheckpoint,
  type VerifierKey,
} from "../checkpoint/mod.ts";
import type { CheckpointData } from "../record/checkpoint.ts";
import type { TrailRecord } from "../record/record.ts";
import type { StoredCheckpoint } from "../store/stored.ts";
import type { Declared } from "../store/trail_source.ts";
import type { TreeHead } from "../tree/tree_head.ts";
import type { TreeCheck } from "./_tree_check.ts";
import type { KnownKeys } from "./known_keys.ts";
import type { Problems } from "./problems.ts";
import type { VerifiedCheckpoints } from "./verified_checkpoints.ts";

/** What checkpoints are compared with. */
export interface CheckpointCheckOptions {
  readonly problems: Problems;
  readonly tree: TreeCheck;
  readonly keys: KnownKeys;
  readonly witnesses: readonly VerifierKey[];
  /** The first record that is there. */
  readonly from: number;
  /** What an export says of itself. */
  readonly declared: Declared | undefined;
}

/** A checkpoint whose tree is too long ago to be remembered. */
export interface LateCheckpoint {
  readonly seq: number;
  readonly size: number;
  readonly root: string;
}

/** Compares each checkpoint with its note, its keys and the tree as it was. A signature costs about 60 us, and no record else anything. */
export class CheckpointCheck {
  readonly #options: CheckpointCheckOptions;
  readonly #witnesses: Map<VerifierKey, { checkpoints: number; size: number }>;
  readonly late: LateCheckpoint[] = [];
  #notes: Map<number, StoredCheckpoint> | undefined;
  #count = 0;
  #isCovered = false;
  /** Of the largest tree that a key that counts signed. */
  #size = 0;
  /** Of the largest tree whose root was that of the records. */
  #goodSize = 0;

  constructor(options: CheckpointCheckOptions) {
    this.#options = options;
    this.#witnesses = new Map(options.witnesses.map((key) => [key, { checkpoints: 0, size: 0 }]));
  }

  beginPage(notes: readonly StoredCheckpoint[] | undefined): void {
    this.#notes = notes && new Map(notes.map((note) => [note.seq, note]));
  }

  add(seq: number, record: TrailRecord): void {
    if (record.kind === "key") this.#options.keys.add(seq, record);
    if (record.kind === "checkpoint") this.#addCheckpoint(seq, record.data);
    else if (this.#notes?.delete(seq)) {
      this.#options.problems.add(
        seq,
        "added",
        `A checkpoint's note lies beside record ${seq}, which is none`,
      );
    }
  }

  /** Passes over the note of a record that cannot be looked at. */
  skip(seq: number): void {
    this.#notes?.delete(seq);
  }

  /** What is left of the page belongs to records that are not there; below `known` that was said already. */
  endPage(known: number): void {
    for (const seq of this.#notes?.keys() ?? []) {
      if (seq < 0 || seq >= known)
        this.#options.problems.add(
          seq,
          "removed",
          `Record ${seq} is missing: a checkpoint's note is left of it`,
        );
    }
  }

  /** Compares a checkpoint with the tree's root; undefined: nobody knows it. */
  compareRoot({ seq, size, root }: LateCheckpoint, made: Uint8Array | undefined): void {
    const { problems } = this.#options;
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

  /** Compares the notes about the whole tree that an export has. */
  cover(head: TreeHead, covering: readonly StoredCheckpoint[]): void {
    for (const stored of covering) this.#isCovered = this.#checkCovering(stored, head) || this.#isCovered;
  }

  /**
   * Looks for who signed it all. A store goes on after its latest checkpoint; an export has one of exactly its size, or nobody
   * signed what it shows.
   */
  end(head: TreeHead): void {
    const { problems, keys, declared } = this.#options;
    if (!keys.arePinned) return;
    if (declared !== undefined && !this.#isCovered && !problems.any) {
      const message = `No checkpoint of the tree of ${head.size} records is signed by a key that is trusted`;
      problems.add(null, "forged", message);
    } else if (this.#count === 0)
      problems.add(null, "forged", "No checkpoint is signed by a key that is trusted");
  }

  result(): VerifiedCheckpoints {
    const { keys } = this.#options;
    const witnesses = [...this.#witnesses].map(([{ text }, found]) => ({ verifier: text, ...found }));
    return { count: this.#count, size: this.#size, keys: keys.named, witnesses };
  }

  /** Compares a note about the whole tree, whose record comes later; whether a key that counts signed it. */
  #checkCovering({ seq, note: text }: StoredCheckpoint, head: TreeHead): boolean {
    const { problems, keys, declared } = this.#options;
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
    this.#countWitnesses(seq, checkpoint);
    for (const known of signedBy) known.checkpoints++;
    if (!signedBy.some(({ counts }) => counts)) return false;
    this.#count++;
    this.#size = Math.max(this.#size, checkpoint.size);
    return true;
  }

  #addCheckpoint(seq: number, data: CheckpointData): void {
    const { problems } = this.#options;
    const { size } = data;
    if (!Number.isSafeInteger(size) || size < 0 || size > seq) {
      problems.add(seq, "forged", `Checkpoint ${seq} is about records that come after it`);
      this.skip(seq);
      return;
    }
    if (this.#isNoteSound(seq, data)) this.#checkRoot(seq, data);
  }

  #checkRoot(seq: number, { size, root }: CheckpointData): void {
    const { tree, from } = this.#options;
    if (!tree.knows(seq)) return;
    const made = tree.rootAt(size);
    if (made === undefined && size >= from) this.late.push({ seq, size, root });
    else this.compareRoot({ seq, size, root }, made);
  }

  /** Checks who signed. Whether the record says what was signed, by whomever; also without a note. */
  #isNoteSound(seq: number, data: CheckpointData): boolean {
    const { problems } = this.#options;
    if (this.#notes === undefined) return true;
    const stored = this.#notes.get(seq);
    this.#notes.delete(seq);
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
    this.#countWitnesses(seq, checkpoint);
    return true;
  }

  #checkSignatures(seq: number, note: Note, { key, size }: CheckpointData): void {
    const { problems, keys } = this.#options;
    const { signedBy, forgedFor } = keys.open(note);
    for (const known of signedBy) known.checkpoints++;
    const labels = signedBy.map((known) => keyLabel(known.key));
    if (forgedFor.length > 0 || !labels.includes(key)) {
      problems.add(seq, "forged", `Checkpoint ${seq} has no valid signature by the key that it names`);
    } else if (signedBy.some(({ counts }) => counts)) {
      this.#count++;
      this.#size = Math.max(this.#size, size);
    } else if (seq > (keys.countsSince ?? seq)) {
      problems.add(
        seq,
        "forged",
        `Checkpoint ${seq} is signed by a key for which none that is trusted vouches`,
      );
    }
  }

  #countWitnesses(seq: number, { size, note }: NonNullable<ReturnType<typeof readCheckpoint>>): void {
    if (this.#witnesses.size === 0) return;
    const { signedBy, forgedFor } = openNote(note, this.#witnesses.keys());
    for (const key of signedBy) {
      const found = this.#witnesses.get(key) ?? { checkpoints: 0, size: 0 };
      found.checkpoints++;
      found.size = Math.max(found.size, size);
    }
    for (const { name } of forgedFor) {
      const message = `Checkpoint ${seq} has a signature in the name of witness "${name}" that is not valid`;
      this.#options.problems.add(seq, "forged", message);
    }
  }
}

function readCheckpoint(text: string): ReturnType<typeof parseCheckpoint> | undefined {
  try {
    return parseCheckpoint(text);
  } catch {
    return undefined;
  }
}
