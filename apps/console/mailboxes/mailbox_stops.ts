import { stopReason } from "@countersign/lifecycle";
import { type DriftData, isAppliedChange, type TrailStore } from "@countersign/trail";

/** Which mailboxes are stopped, as the trail's `drift` records say. */
export class MailboxStops {
  readonly #trail: TrailStore;
  /** By MultiMail's id of the mailbox. */
  readonly #stops = new Map<string, DriftData>();
  #nextSeq = 0;

  constructor(trail: TrailStore) {
    this.#trail = trail;
  }

  /**
   * Reads what has come in since the last time.
   *
   * @throws {TrailUnavailableError}
   */
  async follow(): Promise<void> {
    for await (const { record } of this.#trail.records({ kind: "drift", fromSeq: this.#nextSeq })) {
      this.#nextSeq = record.seq + 1;
      const { data } = record;
      if (isAppliedChange(data)) continue;
      if (data.result === "stopped") this.#stops.set(data.mailbox, data);
      if (data.result === "cleared") this.#stops.delete(data.mailbox);
    }
  }

  /** Why nothing may leave a mailbox, for people; undefined: it is not stopped. */
  stopOf(mailboxId: string): string | undefined {
    const stop = this.#stops.get(mailboxId);
    return stop && stopReason(stop);
  }
}
