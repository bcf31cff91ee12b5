import { Background, signedApprovals } from "@countersign/lifecycle";
import { MultiMailError } from "@countersign/multimail";
import type { TrailRecord } from "@countersign/trail";
import { carryOut } from "./carry_out.ts";
import type { DecideWorld } from "./decide_email.ts";
import { readIncomingEmail } from "./incoming_email.ts";

/** How often it is looked for what is left to do. */
const PASS_MS = 5_000;

/** Whoever decided has carried it out by then, or died. */
const CARRIED_OUT_MS = 30_000;

/** What was decided longer ago is carried out, or MultiMail has forgotten it. */
const MAX_AGE_MS = 30 * 24 * 60 * 60_000;

/**
 * Carries out what was decided on received email by a console that died before or after it told MultiMail. The same decision is
 * repeated; an opposite one never is.
 */
export class IncomingFinisher {
  readonly #world: DecideWorld;
  readonly #passes: Background;
  /** By receipt: what ended its waiting, and has no outcome on record. */
  readonly #open = new Map<string, TrailRecord<"approval">>();
  #nextSeq = 0;
  #since: number | undefined;

  constructor(world: DecideWorld) {
    this.#world = world;
    this.#passes = new Background({
      pass: (signal) => this.pass(signal),
      nextMs: () => PASS_MS,
      failure: "Cannot carry out what was decided on received email; it is tried again",
      log: world.log,
    });
  }

  start(): void {
    this.#passes.within(0);
  }

  /** Resolves when the decision under way is carried out, or left. */
  stop(): Promise<void> {
    return this.#passes.stop();
  }

  /**
   * Carries out everything that was left.
   *
   * @throws {TrailUnavailableError}
   */
  async pass(signal?: AbortSignal): Promise<void> {
    await this.#follow();
    for (const record of [...this.#open.values()]) {
      if (signal?.aborted) return;
      if (this.#world.clock() - Date.parse(record.at) >= CARRIED_OUT_MS) await this.#finish(record);
    }
  }

  async #follow(): Promise<void> {
    const { trail, keys, clock } = this.#world;
    this.#since ??= clock() - MAX_AGE_MS;
    const kinds = ["approval", "lifecycle"] as const;
    for await (const { record } of trail.records({ kinds, fromSeq: this.#nextSeq, since: this.#since })) {
      this.#nextSeq = record.seq + 1;
      const receipt = record.receipt ?? "";
      if (record.kind === "lifecycle") this.#open.delete(receipt);
      else if (record.kind === "approval" && record.data.incoming && record.data.completes) {
        const [signed] = signedApprovals([{ record }], keys);
        if (signed !== undefined) this.#open.set(receipt, signed);
      }
    }
  }

  async #finish({ receipt, team, policy: hash, data }: TrailRecord<"approval">): Promise<void> {
    const { trail, policies, clientFor, log } = this.#world;
    const policy = policies().teams.get(team ?? "");
    const client = policy?.mailbox.id === data.mailbox ? clientFor(policy) : undefined;
    const { by, reason } = data;
    const values = await trail.unseal([by, ...(reason === null ? [] : [reason])]);
    const person = values.get(by);
    if (client === undefined || person === undefined || receipt === null) return;
    const why = values.get(reason ?? "");
    const verdict = data.decision === "approve" ? ("approve" as const) : ("reject" as const);
    if (verdict === "approve" && !(await this.#stillCounts(team ?? "", data.email))) return;
    const intent = { team, assistant: null, receipt, policy: hash };
    const waiting = { receipt, emailId: data.email, mailbox: data.mailbox, intent };
    const order = { waiting, client, verdict, by: person, isIncoming: true as const };
    const result = await carryOut({ ...order, ...(why !== undefined && { reason: why }) }, this.#world);
    log.info({ receipt, verdict, result }, "Carried out what was decided earlier on a received email");
    if (result !== "unknown") this.#open.delete(receipt);
  }

  /** Whether what was approved still is: all who count still do, of what MultiMail still shows. What waits no more is settled. */
  async #stillCounts(team: string, emailId: string): Promise<boolean> {
    try {
      const read = await readIncomingEmail({ team, emailId }, this.#world);
      return read.ok ? read.incoming.tally.complete : read.reason === "gone";
    } catch (error) {
      if (!(error instanceof MultiMailError)) throw error;
      this.#world.log.warn({ email: emailId, code: error.code }, "MultiMail does not show what waits");
      return false;
    }
  }
}
