import { randomUUID } from "node:crypto";
import type { Verdict } from "@countersign/core/approval";
import { appendOnce, Background, signedApprovals } from "@countersign/lifecycle";
import { MultiMailError } from "@countersign/multimail";
import { lifecycleEntry, type TrailRecord } from "@countersign/trail";
import type { WaitingEmail, WaitingEmails } from "../waiting/waiting_emails.ts";
import { carryOut } from "./carry_out.ts";
import { DECIDE_MS, type DecideWorld, decideKey, differenceOf } from "./decide_email.ts";
import { type HeldEmail, readHeldEmail } from "./held_email.ts";

/** How often it is looked for what is left to do. */
const PASS_MS = 5_000;

/** Whoever decided has carried it out by then, or died. */
const CARRIED_OUT_MS = 30_000;

/** What is finished with. */
export interface FinisherOptions {
  readonly world: DecideWorld;
  readonly waiting: Pick<WaitingEmails, "list" | "follow" | "noteLapsed">;
}

/**
 * Carries out what was decided and has not been: kept until the hours open, or left by a console that died before or after it
 * told MultiMail. The checks run again, and the same decision is repeated; an opposite one never is.
 */
export class DecisionFinisher {
  readonly #options: FinisherOptions;
  readonly #passes: Background;

  constructor(options: FinisherOptions) {
    this.#options = options;
    this.#passes = new Background({
      pass: (signal) => this.pass(signal),
      nextMs: () => PASS_MS,
      failure: "Cannot carry out what was decided; it is tried again",
      log: options.world.log,
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
   * Carries out everything that is due.
   *
   * @throws {TrailUnavailableError}
   */
  async pass(signal?: AbortSignal): Promise<void> {
    const { world, waiting } = this.#options;
    for (const email of waiting.list(() => true)) {
      if (signal?.aborted) return;
      const last = email.approvals.findLast(({ data }) => data.completes);
      if (last === undefined || !isDue(last, world.clock())) continue;
      try {
        await finish(email, last, this.#options);
      } catch (error) {
        if (!(error instanceof MultiMailError)) throw error;
        world.log.warn(
          { receipt: email.receipt, code: error.code },
          "MultiMail does not say how an email stands; it is asked again",
        );
      }
    }
  }
}

function isDue({ at, data: { due } }: TrailRecord<"approval">, now: number): boolean {
  return due === null ? now - Date.parse(at) >= CARRIED_OUT_MS : Date.parse(due) <= now;
}

async function finish(
  { receipt }: WaitingEmail,
  decision: TrailRecord<"approval">,
  { world, waiting: known }: FinisherOptions,
): Promise<void> {
  const read = await readHeldEmail(receipt, world);
  if (!read.ok) return;
  const { held } = read;
  const { waiting, client, tally } = held;
  const last = signedApprovals(waiting.records, world.keys).find((record) => record.seq === decision.seq);
  if (last === undefined) return;
  const verdict: Verdict = last.data.decision === "ask_for_changes" ? "changes" : last.data.decision;
  // What was approved is as good as on the day when it was: nothing has grown, nothing is denied, all who count still do.
  const isAsItWas =
    held.decision.effect === "allow" && (await differenceOf({ verdict, receipt }, held, world)) === undefined;
  const mayLeave = tally.complete && isAsItWas;
  if (verdict === "approve") known.noteLapsed(receipt, decision, !mayLeave);
  if (verdict === "approve" && !mayLeave) {
    // What stands in its way otherwise, a stopped mailbox for one, may pass.
    if (isAsItWas) await lapse(held, decision.seq, world);
    return;
  }
  if (!(await takeUp(held.waiting, verdict, world))) return;
  const values = await world.trail.unseal([
    last.data.by,
    ...(last.data.reason === null ? [] : [last.data.reason]),
  ]);
  const by = values.get(last.data.by);
  const reason = values.get(last.data.reason ?? "");
  if (by === undefined) return;
  const result = await carryOut(
    { waiting, client, verdict, by, ...(reason !== undefined && { reason }) },
    world,
  );
  world.log.info({ receipt, verdict, result }, "Carried out what was decided earlier");
}

/** It waits for people again, and expires if they do not decide in time: nobody else would know. */
async function lapse(
  { waiting: { intent, receipt, emailId } }: HeldEmail,
  seq: number,
  world: DecideWorld,
): Promise<void> {
  const lapsed = { event: "lapsed", email: emailId, learnt_by: "console" } as const;
  const entry = lifecycleEntry(intent, world.clock(), lapsed);
  await appendOnce([{ what: `lapse of ${seq} of ${receipt}`, entry }], world);
  world.log.warn(
    { receipt },
    "What was approved lapsed before it was carried out: it does not meet what is required now",
  );
}

/** Whether the sole right to end the email's waiting is this decision's: still, or from now on. */
async function takeUp(
  { intent, receipt, emailId }: Parameters<typeof carryOut>[0]["waiting"],
  verdict: Verdict,
  { trail, clock }: DecideWorld,
): Promise<boolean> {
  const now = clock();
  const claim = {
    key: decideKey(receipt),
    fingerprint: `${verdict} ${randomUUID()}`,
    expiresAt: now + DECIDE_MS,
  };
  const taken = await trail.findClaim([claim], now);
  // Its own from before: to do it twice does no harm.
  if (taken !== undefined) return taken.fingerprint.startsWith(`${verdict} `);
  const entry = lifecycleEntry(intent, now, { event: "released", email: emailId, learnt_by: "console" });
  return (await trail.tryAppend({ ...entry, claims: [claim] })).ok;
}
