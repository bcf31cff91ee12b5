import { mkdir } from "node:fs/promises";
import type { TrailStore } from "../../store/store.ts";
import type { StoredCheckpoint } from "../../store/stored.ts";
import { type NoteSignature, parseCheckpoint } from "../mod.ts";
import { addCheckpoint } from "./add_checkpoint.ts";
import { attachSignatures } from "./attach_signatures.ts";
import type { Destination } from "./destination.ts";
import { deliverCheckpoint, destinationLabel } from "./destination.ts";
import type { Witness } from "./witness.ts";
import { writeCheckpoint } from "./write_checkpoint.ts";

/** What could not be done with a checkpoint. */
export interface DeliveryFailure {
  /** What kind of place it is. */
  readonly kind: "folder" | "file" | "url" | "witness";
  /** For people. */
  readonly to: string;
  readonly message: string;
}

/** What checkpoints are delivered with. */
export interface CheckpointDeliveryOptions {
  readonly trail: TrailStore;
  readonly folder: string;
  readonly destinations: readonly Destination[];
  readonly witnesses: readonly Witness[];
}

/** Has checkpoints cosigned and puts them where the operator wants them; remembers what is done, so that only the rest is tried again. */
export class CheckpointDelivery {
  readonly #options: CheckpointDeliveryOptions;
  /** Note that each place got last. */
  readonly #done = new Map<Destination | "folder", string>();
  /** Size of the tree that each witness cosigned last. */
  readonly #cosigned = new Map<Witness, number>();

  constructor(options: CheckpointDeliveryOptions) {
    this.#options = options;
  }

  /** Delivers a checkpoint wherever it is not yet; resolves to it with its cosignatures. Never rejects. */
  async deliver(
    latest: StoredCheckpoint,
    { withoutWitnesses }: { readonly withoutWitnesses: boolean },
  ): Promise<{ readonly latest: StoredCheckpoint; readonly failures: readonly DeliveryFailure[] }> {
    const failures: DeliveryFailure[] = [];
    const attempt = async (kind: DeliveryFailure["kind"], to: string, work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        failures.push({ kind, to, message: error instanceof Error ? error.message : String(error) });
      }
    };
    const { folder, destinations, witnesses } = this.#options;
    const { size } = parseCheckpoint(latest.note);
    const keep = (note: string) => attempt("folder", folder, () => this.#writeFolder({ size, note }));
    // First of all: a witness may take its time.
    await keep(latest.note);
    const signatures: NoteSignature[] = [];
    const cosign = (witness: Witness) =>
      attempt("witness", `${witness.key.name} (${witness.url})`, async () => {
        signatures.push(...(await this.#cosign(witness, latest.note)));
      });
    if (!withoutWitnesses) await Promise.all(witnesses.map(cosign));
    let { note } = latest;
    if (signatures.length > 0) {
      await attempt("witness", "the trail", async () => {
        note = (await attachSignatures(this.#options.trail, latest.seq, { signatures })).note;
      });
      await keep(note);
    }
    const send = (to: Destination) =>
      attempt(to.kind, destinationLabel(to), async () => {
        if (this.#done.get(to) === note) return;
        await deliverCheckpoint(to, { size, note });
        this.#done.set(to, note);
      });
    await Promise.all(destinations.map(send));
    return { latest: { ...latest, note }, failures };
  }

  async #writeFolder(checkpoint: { readonly size: number; readonly note: string }): Promise<void> {
    if (this.#done.get("folder") === checkpoint.note) return;
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    await writeCheckpoint(this.#options.folder, checkpoint);
    this.#done.set("folder", checkpoint.note);
  }

  /** Nothing, if the note has this witness' signature already. */
  async #cosign(witness: Witness, text: string): Promise<readonly NoteSignature[]> {
    const { size, note } = parseCheckpoint(text);
    const { name, id } = witness.key;
    if (this.#cosigned.get(witness) === size) return [];
    const isCosigned = note.signatures.some((one) => one.name === name && one.id === id);
    const signatures = isCosigned
      ? []
      : await addCheckpoint(witness, {
          note: text,
          oldSize: this.#cosigned.get(witness) ?? 0,
          tree: this.#options.trail,
        });
    this.#cosigned.set(witness, size);
    return signatures;
  }
}
