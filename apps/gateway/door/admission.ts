import type { AssistantRef, PolicySet } from "@countersign/core/policy";
import type { Outcome } from "../enforce/outcome.ts";

/** What one caller, and all of them together, may ask of the gateway at a time. */
export interface AdmissionLimits {
  /** Of one caller. An email that leaves does not count: the policy's own limits bound those. */
  readonly requestsPerMinute: number;
  /** Of one caller, at a time; fewer while others are many. */
  readonly running: number;
  /** Of all callers, at a time, besides what each may have in any case. */
  readonly allRunning: number;
  /** Of one caller, at a time, however many others there are. */
  readonly least: number;
  /** Of one caller, for one of those to end. */
  readonly waiting: number;
  /** For how long, in milliseconds. */
  readonly maxWaitMs: number;
  /** A queue takes no more while its first has waited for so long, or its last would, in milliseconds. */
  readonly standsMs: number;
  /** Bytes of one caller's bodies, arrived and not yet worked off. */
  readonly bytes: number;
  /** Of all callers: running and waiting. */
  readonly allRequests: number;
  /** Of all callers. */
  readonly allBytes: number;
}

const MIB = 1024 * 1024;

const LIMITS: AdmissionLimits = {
  requestsPerMinute: 3_000,
  running: 64,
  allRunning: 512,
  least: 4,
  waiting: 1_000,
  maxWaitMs: 5_000,
  standsMs: 1_000,
  // A body exists several times over while it is worked off.
  bytes: 48 * MIB,
  allRequests: 4_000,
  allBytes: 160 * MIB,
};

/** What an admission is made of. */
export interface AdmissionOptions {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly limits?: Partial<AdmissionLimits>;
}

/** A request is not taken now, because there are too many. It was not judged, and nothing was done. */
export class BusyError extends Error {
  override readonly name = "BusyError";
  readonly code: "too_many_requests" | "gateway_busy";
  readonly retryAfterMs: number;

  constructor(code: BusyError["code"], message: string, retryAfterMs: number) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** With more callers than so many, those of whom nothing is under way are forgotten: people who sign in are many. */
const MANY_CALLERS = 10_000;

/** A pace is the mean of about so many. */
const PACE_OF = 8;

/** One caller's share of what is under way. */
interface Share {
  running: number;
  bytes: number;
  /** Requests that may still be made, as of `at`. */
  tokens: number;
  at: number;
  /** First come, first served. */
  readonly queue: Set<Waiting>;
  /** How much time lies between two that come in from the queue, in milliseconds; 0: nobody knows. */
  paceMs: number;
  /** When one did last. */
  servedAt: number;
}

/** A request that waits to be let in. */
interface Waiting {
  readonly since: number;
  readonly enter: () => void;
}

/** Lets callers in: each up to its own bounds, so that none of them is in another's way, and all up to the gateway's. */
export class Admission {
  readonly #clock: () => number;
  readonly #limits: AdmissionLimits;
  readonly #shares = new Map<string, Share>();
  /** Callers of whom some wait, in the order of their turns. */
  readonly #waiting = new Set<Share>();
  /** With so many shares, those that are as new are forgotten. */
  #forgetAt = MANY_CALLERS;
  /** Running and waiting. */
  #requests = 0;
  #running = 0;
  #bytes = 0;

  constructor({ clock, limits }: AdmissionOptions) {
    this.#clock = clock;
    this.#limits = { ...LIMITS, ...limits };
  }

  /**
   * Lets a request of `who` in as soon as fewer of its others are under way.
   *
   * @throws {BusyError} when too many wait already, would wait for too long, or it has
   */
  async enter(who: string): Promise<Ticket> {
    const share = this.#shareOf(who);
    if (this.#requests >= this.#limits.allRequests) throw new BusyError("gateway_busy", GATEWAY_BUSY, 1_000);
    this.#requests++;
    try {
      if (share.queue.size === 0 && this.#hasRoom(share)) {
        share.paceMs = 0;
        this.#run(share);
      } else await this.#wait(share);
    } catch (error) {
      this.#requests--;
      throw error;
    }
    return new Ticket({
      charge: (cost) => this.#charge(share, cost),
      takeBytes: (count) => this.#takeBytes(share, count),
      giveBytes: (count) => {
        share.bytes -= count;
        this.#bytes -= count;
      },
      hold: () => {
        this.#requests++;
        this.#run(share);
      },
      leave: () => {
        this.#requests--;
        this.#running--;
        share.running--;
        this.#serve();
      },
    });
  }

  /** Whether one more of a caller may run: it leaves to others as much again as it has, and a few it has in any case. */
  #hasRoom({ running: own }: Share): boolean {
    const { running, allRunning, least } = this.#limits;
    return own < running && (own < least || own < (allRunning - this.#running) / 2);
  }

  #run(share: Share): void {
    share.running++;
    this.#running++;
  }

  /** Waits for its turn, if that is to be expected soon. */
  #wait(share: Share): Promise<void> {
    const { waiting, maxWaitMs, standsMs } = this.#limits;
    const { queue, paceMs } = share;
    const now = this.#clock();
    const [first] = queue;
    const stood = first === undefined ? 0 : now - first.since;
    // Whoever comes now is told at once what it would be told later; what came all at a time is worked off.
    if (queue.size >= waiting || stood > standsMs || queue.size * paceMs > standsMs) {
      throw new BusyError("gateway_busy", CANNOT_KEEP_UP, 1_000);
    }
    if (queue.size === 0) share.servedAt = now;
    this.#waiting.add(share);
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        queue.delete(one);
        if (queue.size === 0) this.#waiting.delete(share);
      };
      const enter = () => {
        leave();
        resolve();
      };
      const timer = setTimeout(() => {
        leave();
        reject(new BusyError("gateway_busy", CANNOT_KEEP_UP, 1_000));
      }, maxWaitMs);
      const one: Waiting = { since: now, enter };
      queue.add(one);
    });
  }

  /** Lets those in who wait and may: one of each caller, and so on around. */
  #serve(): void {
    for (const share of this.#waiting) {
      const [next] = share.queue;
      if (next === undefined || !this.#hasRoom(share)) continue;
      const now = this.#clock();
      const took = now - share.servedAt;
      share.paceMs = share.paceMs === 0 ? took : share.paceMs + (took - share.paceMs) / PACE_OF;
      share.servedAt = now;
      this.#run(share);
      // Behind the other callers, if more of it wait.
      this.#waiting.delete(share);
      if (share.queue.size > 1) this.#waiting.add(share);
      next.enter();
    }
  }

  #shareOf(who: string): Share {
    const known = this.#shares.get(who);
    if (known !== undefined) return known;
    if (this.#shares.size >= this.#forgetAt) this.#forgetIdle();
    const tokens = this.#limits.requestsPerMinute;
    const at = this.#clock();
    const share: Share = { running: 0, bytes: 0, tokens, at, queue: new Set(), paceMs: 0, servedAt: at };
    this.#shares.set(who, share);
    return share;
  }

  /** How many callers are known, for tests. */
  get callers(): number {
    return this.#shares.size;
  }

  /** Forgets callers who would begin anew with the same as they have: nothing under way, and a minute's requests. */
  #forgetIdle(): void {
    for (const [who, share] of this.#shares) {
      this.#refill(share);
      const isIdle = share.running === 0 && share.bytes === 0 && share.queue.size === 0;
      if (isIdle && share.tokens >= this.#limits.requestsPerMinute) this.#shares.delete(who);
    }
    // Looking at all of them again pays when there are twice as many.
    this.#forgetAt = Math.max(MANY_CALLERS, 2 * this.#shares.size);
  }

  #refill(share: Share): void {
    const { requestsPerMinute } = this.#limits;
    const now = this.#clock();
    const gained = (Math.max(0, now - share.at) * requestsPerMinute) / 60_000;
    share.tokens = Math.min(requestsPerMinute, share.tokens + gained);
    share.at = now;
  }

  #charge(share: Share, cost: number): void {
    const { requestsPerMinute } = this.#limits;
    const perMs = requestsPerMinute / 60_000;
    this.#refill(share);
    if (share.tokens < cost) {
      const wait = Math.min(60_000, (cost - share.tokens) / perMs);
      throw new BusyError("too_many_requests", TOO_MANY_A_MINUTE, wait);
    }
    share.tokens -= cost;
  }

  #takeBytes(share: Share, count: number): void {
    const { bytes, allBytes } = this.#limits;
    if (share.bytes + count > bytes) throw new BusyError("too_many_requests", TOO_MUCH_AT_ONCE, 1_000);
    if (this.#bytes + count > allBytes) throw new BusyError("gateway_busy", GATEWAY_BUSY, 1_000);
    share.bytes += count;
    this.#bytes += count;
  }
}

const TOO_MANY_A_MINUTE = "This assistant has made too many requests in the last minute; nothing was done";
const CANNOT_KEEP_UP =
  "The gateway cannot keep up with this assistant's requests; nothing was done, try again later";
const TOO_MUCH_AT_ONCE = "Too large requests of this assistant are under way together; nothing was done";
const GATEWAY_BUSY = "The gateway has too many requests under way; nothing was done";

interface Accounts {
  readonly charge: (cost: number) => void;
  readonly takeBytes: (count: number) => void;
  readonly giveBytes: (count: number) => void;
  readonly hold: () => void;
  readonly leave: () => void;
}

/** One request that was let in. Whoever holds it leaves, once; its bytes count until all have left. */
export class Ticket {
  readonly #accounts: Accounts;
  #holders = 1;
  #bytes = 0;
  #charged = 0;

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  /**
   * Counts against the caller's requests a minute.
   *
   * @throws {BusyError}
   */
  charge(cost: number = 1): void {
    this.#accounts.charge(cost);
    this.#charged += cost;
  }

  /** Takes back what a call was charged if it let an email leave: the policy's limits have counted that. */
  settle({ kind }: Outcome): void {
    if (kind !== "taken" || this.#charged < 1) return;
    this.#charged--;
    this.#accounts.charge(-1);
  }

  /**
   * Counts bytes of the body that have arrived, or are about to.
   *
   * @throws {BusyError}
   */
  takeBytes(count: number): void {
    this.#accounts.takeBytes(count);
    this.#bytes += count;
  }

  /** One more works for this request, maybe after the caller has hung up. */
  hold(): void {
    if (this.#holders === 0) this.#accounts.hold();
    this.#holders++;
  }

  leave(): void {
    this.#holders--;
    if (this.#holders > 0) return;
    this.#accounts.giveBytes(this.#bytes);
    this.#bytes = 0;
    this.#accounts.leave();
  }
}

/** The most that a request may hold: an email's text and its attachments in base64. */
export const MAX_BODY_BYTES: number = 16 * MIB;

/**
 * A body's text and recipients at their largest, as wasteful as JSON can write them: a subject, 262,144 characters and 150
 * addresses, six bytes a character.
 */
const MAX_TEXT_BYTES = 3 * MIB;

/** The largest body that the caller's policy could accept. Base64 takes 4 bytes for 3, and some escape its slashes. */
export function maxBodyBytes({ teams }: PolicySet, { team, assistant }: AssistantRef): number {
  const policy = teams.get(team);
  const actions = policy?.assistants.get(assistant)?.actions;
  const mayAttach = actions?.has("send") === true || actions?.has("reply") === true;
  const files = mayAttach ? (policy?.attachments?.maxBytes ?? 0) : 0;
  return Math.min(MAX_BODY_BYTES, MAX_TEXT_BYTES + Math.ceil(files * 1.4));
}
