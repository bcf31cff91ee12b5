import {
  type Checkpoint,
  openNote,
  type TlogPolicy,
  type VerifierKey,
  wantingOf,
} from "../checkpoint/mod.ts";
import type { Walk } from "./_walk.ts";
import type { KnownKeys, VerifiedKey } from "./known_keys.ts";

/** What the checkpoints of a trail are worth. */
export interface VerifiedCheckpoints {
  /** How many are signed by a key that counts. */
  readonly count: number;
  /** Of the largest tree that such a key signed: records from here on are signed by nobody yet. */
  readonly size: number;
  /** The keys that the trail names, in order. */
  readonly keys: readonly VerifiedKey[];
  /** The witnesses that were asked for. */
  readonly witnesses: readonly VerifiedWitness[];
  /** How many fulfil the policy, and the size of the largest tree of those; absent: there is no policy. */
  readonly policy?: { readonly checkpoints: number; readonly size: number };
}

/** A witness and what it cosigned. */
export interface VerifiedWitness {
  /** C2SP verifier key. */
  readonly verifier: string;
  readonly checkpoints: number;
  /** Of the largest tree that it cosigned. */
  readonly size: number;
}

/** Who signs checkpoints and who witnesses them, and for how many. */
export interface SignatureTallyOptions {
  readonly keys: KnownKeys;
  readonly witnesses: readonly VerifierKey[];
  readonly policy: TlogPolicy | undefined;
}

/** Counts whose signatures checkpoints have. */
export class SignatureTally {
  readonly #walk: Walk;
  readonly #keys: KnownKeys;
  readonly #witnesses: Map<VerifierKey, { checkpoints: number; size: number }>;
  readonly #policy: TlogPolicy | undefined;
  readonly #fulfilling = { checkpoints: 0, size: 0 };
  /** Of the checkpoint that was looked at last, what the policy wants. */
  #wanting = "there is none";
  #count = 0;
  #size = 0;

  constructor(walk: Walk, { keys, witnesses, policy }: SignatureTallyOptions) {
    this.#walk = walk;
    this.#keys = keys;
    this.#policy = policy;
    this.#witnesses = new Map(witnesses.map((key) => [key, { checkpoints: 0, size: 0 }]));
  }

  /** How many checkpoints are signed by a key that counts. */
  get count(): number {
    return this.#count;
  }

  /** A key that counts signed a checkpoint of this size. */
  add(size: number): void {
    this.#count++;
    this.#size = Math.max(this.#size, size);
  }

  /** Looks for the witnesses' signatures, and whether it fulfils the policy. `seq`: of the checkpoint. */
  addWitnesses(seq: number, checkpoint: Checkpoint): void {
    const { size, note } = checkpoint;
    if (this.#policy !== undefined) this.#judge(checkpoint, this.#policy);
    if (this.#witnesses.size === 0) return;
    const { signedBy, forgedFor } = openNote(note, this.#witnesses.keys());
    for (const key of signedBy) {
      const found = this.#witnesses.get(key) ?? { checkpoints: 0, size: 0 };
      found.checkpoints++;
      found.size = Math.max(found.size, size);
    }
    for (const { name } of forgedFor) {
      const message = `Checkpoint ${seq} has a signature in the name of witness "${name}" that is not valid`;
      this.#walk.problems.add(seq, "forged", message);
    }
  }

  #judge(checkpoint: Checkpoint, policy: TlogPolicy): void {
    const wanting = wantingOf(checkpoint, policy);
    if (wanting !== undefined) {
      this.#wanting = `of the last, of ${checkpoint.size} records, ${wanting}`;
      return;
    }
    this.#fulfilling.checkpoints++;
    this.#fulfilling.size = Math.max(this.#fulfilling.size, checkpoint.size);
  }

  /** Tells when there is a policy and no checkpoint that fulfils it: then nothing of the trail counts. */
  checkPolicy(): void {
    if (this.#policy === undefined || this.#fulfilling.checkpoints > 0) return;
    this.#walk.problems.add(null, "forged", `No checkpoint fulfils the policy: ${this.#wanting}`);
  }

  /** What was counted so far. */
  result(): VerifiedCheckpoints {
    const witnesses = [...this.#witnesses].map(([{ text }, found]) => ({ verifier: text, ...found }));
    return {
      ...{ count: this.#count, size: this.#size, keys: this.#keys.named, witnesses },
      ...(this.#policy !== undefined && { policy: this.#fulfilling }),
    };
  }
}
