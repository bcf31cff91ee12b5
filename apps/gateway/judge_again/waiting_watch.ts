import { setImmediate as nextTick } from "node:timers/promises";
import type { TeamPolicy } from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import { Background } from "@countersign/lifecycle";
import type { AcceptedEmailRef } from "../enforce/world.ts";
import type { JudgeAgainWorld } from "./judge_again_world.ts";
import { judgeWaiting } from "./judge_waiting.ts";

/** Scheduled email is judged once more so long before it is due, in milliseconds. */
const BEFORE_DUE_MS = 60_000;

/** What could not be judged, or not be cancelled, is tried again after so long. */
const RETRY_MS = 5_000;

/** How often the trail is asked for email that other gateways left. */
const LOOK_MS = 5 * 60_000;

/** What was decided and is not carried out is looked at again after so long, in milliseconds: it may have lapsed. */
const DECIDED_MS = 10 * 60_000;

/** Between two passes, in milliseconds. */
const SOONEST_MS = 1_000;

/** How many are judged before others get their turn. */
const TOGETHER = 20;

/** An email that waits. */
interface Known {
  /** The policy that it was judged by last; undefined: its team has none. */
  policy: TeamPolicy | undefined;
  /** When it is judged next; epoch milliseconds. */
  due: number;
}

/**
 * Sees to it that email which waits at MultiMail, held or scheduled, never outlives the policy: it is judged again at the
 * start, when other policies are in force, before it is due, and when it expires. Which emails those are the trail knows.
 */
export class WaitingWatch {
  readonly #world: JudgeAgainWorld;
  readonly #known = new Map<string, Known>();
  readonly #background: Background;
  #lookAt = 0;

  constructor(world: JudgeAgainWorld) {
    this.#world = world;
    this.#background = new Background({
      pass: (signal) =>
        this.#judgeDue(signal).catch((error: unknown) => {
          this.#lookAt = world.clock() + RETRY_MS;
          throw error;
        }),
      nextMs: () => this.#nextDelay(),
      failure: "Cannot judge the email that waits; it is tried again",
      log: world.log,
    });
  }

  /** Judges everything that waits now, and goes on. */
  start(): void {
    this.#background.within(0);
  }

  /** Other policies are in force: everything that waits is judged by them. Resolves when it is. */
  async policiesChanged(): Promise<void> {
    this.#lookAt = 0;
    await this.#background.runAnew();
  }

  /** An email that MultiMail just took: its policy may not be in force any more. */
  add({ receipt, policy, sendAt }: Pick<AcceptedEmailRef, "receipt" | "policy" | "sendAt">): void {
    const { policies, clock } = this.#world;
    const isChanged = policies().teams.get(policy.team) !== policy;
    const now = clock();
    const leaves = sendAt === undefined ? undefined : Date.parse(sendAt);
    const due = isChanged ? 0 : Math.min(nextJudgement(leaves, now), soonestExpiry(policy, now));
    this.#known.set(receipt, { policy, due });
    if (due < Number.POSITIVE_INFINITY)
      this.#background.within(Math.max(SOONEST_MS, Math.min(LOOK_MS, due - now)));
  }

  /** Judges nothing any more; resolves when what runs is over. */
  stop(): Promise<void> {
    return this.#background.stop();
  }

  #nextDelay(): number {
    let next = this.#lookAt;
    for (const { due } of this.#known.values()) next = Math.min(next, due);
    return Math.max(SOONEST_MS, Math.min(LOOK_MS, next - this.#world.clock()));
  }

  async #judgeDue(signal: AbortSignal): Promise<void> {
    const { clock, trail, policies, log } = this.#world;
    const now = clock();
    if (now >= this.#lookAt) {
      const before = [...this.#known.keys()];
      const watched = await trail.watchedEmails();
      const receipts = new Set(watched.map(({ record }) => record.receipt));
      // What came in meanwhile may not be among them.
      for (const receipt of before) if (!receipts.has(receipt)) this.#known.delete(receipt);
      for (const { record } of watched) {
        const receipt = record.receipt ?? "";
        const known = this.#known.get(receipt);
        const policy = policies().teams.get(record.team ?? "");
        if (known === undefined || known.policy !== policy) this.#known.set(receipt, { policy, due: 0 });
      }
      this.#lookAt = now + LOOK_MS;
    }
    const due = [...this.#known].filter(([, known]) => known.due <= now).map(([receipt]) => receipt);
    const waiting: Record<string, number> = {};
    const cancelled: Record<string, number> = {};
    const expired: Record<string, number> = {};
    for (let start = 0; start < due.length && !signal.aborted; start += TOGETHER) {
      await inParallel(due.slice(start, start + TOGETHER), async (receipt) => {
        const { result, team } = await this.#judge(receipt);
        if (result === "gone") return;
        waiting[team] = (waiting[team] ?? 0) + 1;
        if (result === "cancelled") cancelled[team] = (cancelled[team] ?? 0) + 1;
        if (result === "expired") expired[team] = (expired[team] ?? 0) + 1;
      });
      await nextTick();
    }
    if (Object.keys(waiting).length > 0)
      log.info({ policy: policies().hash, waiting, cancelled, expired }, "Judged again the email that waits");
  }

  async #judge(receipt: string) {
    const { clock, policies } = this.#world;
    const inForce = policies();
    const judged = await judgeWaiting(receipt, this.#world);
    const { result, team, sendAt, expiresAt = Number.POSITIVE_INFINITY } = judged;
    const known = this.#known.get(receipt)?.policy;
    const policy = inForce.teams.get(team);
    const now = clock();
    // MultiMail may hold it yet, though the trail knows nothing of it.
    if (result === "gone") this.#known.set(receipt, { policy: known, due: soonestExpiry(known, now) });
    else if (result === "cancelled" || result === "expired")
      this.#known.set(receipt, { policy: known, due: Number.POSITIVE_INFINITY });
    else if (result === "later") this.#known.set(receipt, { policy, due: now + RETRY_MS });
    else {
      const again = judged.isDecided ? now + DECIDED_MS : Number.POSITIVE_INFINITY;
      this.#known.set(receipt, { policy, due: Math.min(nextJudgement(sendAt, now), expiresAt, again) });
    }
    return judged;
  }
}

/** Once more before it is due; never, when it is due already or leaves when a person says so. */
function nextJudgement(sendAt: number | undefined, now: number): number {
  const at = sendAt === undefined ? now : sendAt - BEFORE_DUE_MS;
  return at > now ? at : Number.POSITIVE_INFINITY;
}

/** When an email that comes to wait from now on expires at the soonest. */
function soonestExpiry(policy: TeamPolicy | undefined, now: number): number {
  const expires = policy?.approval.expires;
  return expires === undefined ? Number.POSITIVE_INFINITY : now + expires.ms;
}
