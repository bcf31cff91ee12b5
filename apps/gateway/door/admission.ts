import type { AssistantRef, PolicySet } from "@countersign/core/policy";
import type { Outcome } from "../enforce/outcome.ts";

/** What one caller, and all of them together, may ask of the gateway at a time. */
export interface AdmissionLimits {
  /** Of one caller. An email that leaves does not count: the policy's own limits bound those. */
  readonly requestsPerMinute: number;
  /** Of one caller, at a time. */
  readonly running: number;
  /** Of one caller, for one of those to end. */
  readonly waiting: number;
  /** For how long, in milliseconds. */
  readonly maxWaitMs: number;
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
  waiting: 1_000,
  maxWaitMs: 10_000,
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

/** One caller's share of what is under way. */
interface Share {
  running: number;
  bytes: number;
  /** Requests that may still be made, as of `at`. */
  tokens: number;
  at: number;
  readonly queue: Set<() => void>;
}

/** Lets callers in: each up to its own bounds, so that none of them is in another's way, and all up to the gateway's. */
export class Admission {
  readonly #clock: () => number;
  readonly #limits: AdmissionLimits;
  readonly #shares = new Map<string, Share>();
  #requests = 0;
  #bytes = 0;

  constructor({ clock, limits }: AdmissionOptions) {
    this.#clock = clock;
    this.#limits = { ...LIMITS, ...limits };
  }

  /**
   * Lets a request of `who` in as soon as fewer of its others are under way.
   *
   * @throws {BusyError} when too many wait already, or it waited for too long
   */
  async enter(who: string): Promise<Ticket> {
    const { running, waiting, maxWaitMs, allRequests } = this.#limits;
    if (this.#requests >= allRequests) throw new BusyError("gateway_busy", GATEWAY_BUSY, 1_000);
    const share = this.#shareOf(who);
    if (share.running >= running) {
      if (share.queue.size >= waiting) throw new BusyError("too_many_requests", TOO_MANY_AT_ONCE, 1_000);
      this.#requests++;
      try {
        await untilFree(share, maxWaitMs);
      } finally {
        this.#requests--;
      }
    } else share.running++;
    this.#requests++;
    return new Ticket({
      charge: (cost) => this.#charge(share, cost),
      takeBytes: (count) => this.#takeBytes(share, count),
      giveBytes: (count) => {
        share.bytes -= count;
        this.#bytes -= count;
      },
      hold: () => {
        share.running++;
        this.#requests++;
      },
      leave: () => {
        this.#requests--;
        const [next] = share.queue;
        if (next === undefined || share.running > running) share.running--;
        else next();
      },
    });
  }

  #shareOf(who: string): Share {
    const known = this.#shares.get(who);
    if (known !== undefined) return known;
    const tokens = this.#limits.requestsPerMinute;
    const share: Share = { running: 0, bytes: 0, tokens, at: this.#clock(), queue: new Set() };
    this.#shares.set(who, share);
    return share;
  }

  #charge(share: Share, cost: number): void {
    const { requestsPerMinute } = this.#limits;
    const now = this.#clock();
    const perMs = requestsPerMinute / 60_000;
    share.tokens = Math.min(requestsPerMinute, share.tokens + Math.max(0, now - share.at) * perMs);
    share.at = now;
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
const TOO_MANY_AT_ONCE = "Too many requests of this assistant are under way; nothing was done";
const TOO_MUCH_AT_ONCE = "Too large requests of this assistant are under way together; nothing was done";
const GATEWAY_BUSY = "The gateway has too many requests under way; nothing was done";

/** Waits for its turn; whoever ends hands on its place. */
function untilFree({ queue }: Share, maxWaitMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = () => {
      clearTimeout(timer);
      queue.delete(enter);
      resolve();
    };
    const timer = setTimeout(() => {
      queue.delete(enter);
      reject(new BusyError("too_many_requests", TOO_MANY_AT_ONCE, 1_000));
    }, maxWaitMs);
    queue.add(enter);
  });
}

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
