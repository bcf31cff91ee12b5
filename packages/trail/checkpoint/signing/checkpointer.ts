import type { KeyObject } from "node:crypto";
import type { TrailStore } from "../../store/store.ts";
import type { StoredCheckpoint } from "../../store/stored.ts";
import type { TreeHead } from "../../tree/tree_head.ts";
import { createNoteSigner, type NoteSigner, parseCheckpoint } from "../mod.ts";
import { CheckpointDelivery, type DeliveryFailure } from "./_checkpoint_delivery.ts";
import { findPredecessor } from "./_find_predecessor.ts";
import { whyNotExtended } from "./_why_not_extended.ts";
import type { Destination } from "./destination.ts";
import { extendsCheckpoint } from "./extends_checkpoint.ts";
import { newestCheckpoint } from "./newest_checkpoint.ts";
import { recordSigningKey } from "./record_signing_key.ts";
import { signCheckpoint } from "./sign_checkpoint.ts";
import { signingKeyHistory } from "./signing_key_history.ts";
import { trailOrigin } from "./trail_origin.ts";
import type { Witness } from "./witness.ts";

/** The private keys that are at hand. */
export interface SigningKeys {
  /** Ed25519; signs. */
  readonly key: KeyObject;
  /** The key that signed before, if it is still at hand: it vouches for the new one, once. */
  readonly previous?: KeyObject;
  /** Removes the previous key, which is needed no more. */
  readonly retire?: () => Promise<void>;
}

/** What checkpoints are made with. */
export interface CheckpointerOptions {
  readonly trail: TrailStore;
  /** Asked at every run, since a key may be exchanged meanwhile. */
  readonly openKeys: () => Promise<SigningKeys>;
  /** Names the trail; undefined: as it was named before (`trailOrigin`). */
  readonly origin: string | undefined;
  readonly defaultOrigin: string;
  /** Where every checkpoint is written too: what is signed has to extend the latest one there. It is made if it is missing. */
  readonly folder: string;
  readonly destinations: readonly Destination[];
  readonly witnesses: readonly Witness[];
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** How a run may end. */
export type CheckpointRun = {
  /** What could not be delivered or cosigned; it is tried again at the next run. */
  readonly failures: readonly DeliveryFailure[];
} & (
  | { readonly result: "signed" | "unchanged"; readonly latest: StoredCheckpoint | undefined }
  /** The trail does not extend what was signed: nothing is signed until a person has looked. */
  | { readonly result: "refused"; readonly why: string }
);

/** How to run. */
export interface RunOptions {
  /** Nothing is signed when somebody did so within this time, in milliseconds. */
  readonly quietMs?: number;
  /** Witnesses, who may take their time, are left to the next run. */
  readonly withoutWitnesses?: boolean;
}

/**
 * Signs the trail's tree when it has grown, and puts the checkpoint where others can keep it. It never signs a tree that does
 * not extend every one that it knows to be signed: in the trail, in its folder, and by itself.
 */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  readonly #delivery: CheckpointDelivery;
  /** The largest tree that it has seen to be sound. */
  #seen: TreeHead | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.#delivery = new CheckpointDelivery(options);
  }

  /**
   * Looks whether there is something to sign, signs and delivers it. Runs come one after the other.
   *
   * @throws {TrailUnavailableError} when the trail cannot be read or written
   * @throws {Error} when the key cannot be used, or the folder not be read
   */
  run(options: RunOptions = {}): Promise<CheckpointRun> {
    const run = this.#running.then(() => this.#run(options));
    this.#running = run.catch(() => undefined);
    return run;
  }

  /**
   * Only looks whether the trail extends what was signed. Why it does not, for people; undefined: it does.
   *
   * @throws {TrailUnavailableError} when the trail cannot be read
   * @throws {Error} when the folder cannot be read
   */
  async check(): Promise<string | undefined> {
    const { trail, folder } = this.#options;
    const newest = await newestCheckpoint(trail);
    return whyNotExtended(trail, { head: await trail.head(), newest, folder, seen: this.#seen });
  }

  async #run({ quietMs = 0, withoutWitnesses = false }: RunOptions): Promise<CheckpointRun> {
    const { trail, folder, clock, openKeys } = this.#options;
    const newest = await newestCheckpoint(trail);
    const head = await trail.head();
    const why = await whyNotExtended(trail, { head, newest, folder, seen: this.#seen });
    if (why !== undefined) return { result: "refused", why, failures: [] };
    this.#seen = head;
    const deliver = (latest: StoredCheckpoint) => this.#delivery.deliver(latest, { withoutWitnesses });
    const keys = await openKeys();
    const history = await signingKeyHistory(trail);
    const signer = createNoteSigner(await trailOrigin(trail, this.#options), keys.key);
    const own = history.find(({ verifier }) => verifier === signer.key.text);
    const isQuiet = newest !== undefined && (await this.#signedAt(newest)) > clock() - quietMs;
    const isDue = newest === undefined || (await hasGrown(trail, parseCheckpoint(newest.note).size));
    const isRetiring = keys.previous !== undefined && findPredecessor(history, [keys.previous]) !== undefined;
    if (own !== undefined && (isQuiet || !isDue || head.size === 0)) {
      // An exchange that did not come to its end.
      if (isRetiring && own.vouch !== null) await keys.retire?.();
      if (newest === undefined) return { result: "unchanged", latest: newest, failures: [] };
      return { result: "unchanged", ...(await deliver(newest)) };
    }
    const predecessor = own === undefined ? findPredecessor(history, [keys.key, keys.previous]) : undefined;
    if (own === undefined) {
      const current = predecessor?.entry ?? history.at(-1) ?? null;
      await recordSigningKey(trail, { signer, current, predecessor: predecessor?.signer, at: clock() });
    }
    const signed = await this.#sign(signer, predecessor?.signer);
    if (isRetiring) await keys.retire?.();
    return { result: "signed", ...(await deliver(signed)) };
  }

  /** What was appended meanwhile is signed too. */
  async #sign(signer: NoteSigner, predecessor: NoteSigner | undefined): Promise<StoredCheckpoint> {
    const { trail, clock } = this.#options;
    const head = await trail.head();
    if (this.#seen !== undefined && !(await extendsCheckpoint(trail, { head, old: this.#seen })))
      throw new Error("Cannot sign the trail: it was rewritten in this moment");
    const signers = predecessor === undefined ? ([signer] as const) : ([signer, predecessor] as const);
    const signed = await signCheckpoint(trail, {
      origin: signer.key.name,
      signers: [...signers],
      at: clock(),
      head,
    });
    this.#seen = head;
    return signed;
  }

  async #signedAt({ seq }: StoredCheckpoint): Promise<number> {
    for await (const { record } of this.#options.trail.records({ fromSeq: seq, limit: 1 })) {
      return Date.parse(record.at);
    }
    return 0;
  }
}

/** Whether there is a record from `size` on that is about more than checkpoints. */
async function hasGrown(trail: TrailStore, size: number): Promise<boolean> {
  for await (const { record } of trail.records({ fromSeq: size })) {
    if (record.kind !== "checkpoint") return true;
  }
  return false;
}
