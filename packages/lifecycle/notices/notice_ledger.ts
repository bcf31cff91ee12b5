import type { NoticeAbout } from "@countersign/core/approval";
import { isReadable, type NoticeData, type TrailRecord, type TrailStore } from "@countersign/trail";
import { isIncomingReceipt } from "../record/incoming_receipt.ts";

/** A notice that nobody finished in so long is not sent any more, in milliseconds: people were told otherwise by then. */
export const STALE_MS: number = 24 * 60 * 60_000;

/** Whoever tries to send is done with it by then, or died. In milliseconds. */
const ATTEMPT_MS = 2 * 60_000;

/** What was told of an email is kept at least so long, in milliseconds. */
const KEEP_MS = 10 * 60_000;

/** After a notice was given up, a channel is left alone for so long, in milliseconds. */
const REST_MS = 60 * 60_000;

/** A notice that was asked for and is neither sent nor given up. Times in epoch milliseconds. */
export interface OpenNotice {
  /** `ntc_` and a ULID. */
  readonly id: string;
  readonly team: string;
  readonly channel: string;
  readonly over: NoticeData["over"];
  readonly about: NoticeAbout;
  /** It is to tell of received email. */
  readonly isReceived: boolean;
  /** Of the emails that it is to tell of. */
  readonly receipts: readonly string[];
  readonly link: string;
  readonly askedAt: number;
  /** How many attempts were begun. */
  readonly attempts: number;
  /** The last attempt began, and nobody knows how it ended. */
  readonly isUnsure: boolean;
  /** When the next attempt may begin. */
  readonly dueAt: number;
}

/** When people were told of an email by a channel; epoch milliseconds. */
export interface Told {
  readonly told?: number;
  readonly reminded?: number;
  readonly escalated?: number;
}

/** How a channel does. Times in epoch milliseconds. */
export interface ChannelHealth {
  /** When it last took a notice; absent: not yet. */
  readonly sentAt?: number;
  /** Since when it takes none, and what was wrong the last time; absent: it takes them. */
  readonly failing?: { readonly since: number; readonly code: string };
  /** It is left alone until then, but for the notice that failed, if that is to be tried again. */
  readonly rest?: { readonly until: number; readonly notice?: string };
  /** When a notice of it was last given up; absent: none was. */
  readonly gaveUpAt?: number;
}

/** What a ledger reads. */
export interface NoticeLedgerOptions {
  readonly trail: Pick<TrailStore, "records" | "head">;
  /** Notices from before are not read; epoch milliseconds. */
  readonly since: number;
  readonly clock: () => number;
}

/** What the trail knows of notices: which are open, who was told of what and when, and how the channels do. */
export class NoticeLedger {
  readonly #options: NoticeLedgerOptions;
  readonly #open = new Map<string, OpenNotice>();
  /** By channel, then by receipt. */
  readonly #told = new Map<string, Map<string, Told>>();
  /** When a team was last told of new email by a channel. */
  readonly #lastTold = new Map<string, number>();
  readonly #health = new Map<string, ChannelHealth>();
  #nextSeq: number | undefined;

  constructor(options: NoticeLedgerOptions) {
    this.#options = options;
  }

  /**
   * Reads what has come in since the last time, and gives the records.
   *
   * @throws {TrailUnavailableError}
   */
  async follow(): Promise<readonly TrailRecord<"notice">[]> {
    const { trail, since } = this.#options;
    const known = this.#nextSeq;
    const from = known === undefined ? { since } : { fromSeq: known };
    // What comes in meanwhile is read again, or now.
    let next = known ?? (await trail.head()).size;
    const read: TrailRecord<"notice">[] = [];
    for await (const { record } of trail.records({ kind: "notice", ...from })) {
      next = Math.max(next, record.seq + 1);
      if (!isReadable(record)) continue;
      read.push(record);
      this.#note(record);
    }
    this.#nextSeq = next;
    return read;
  }

  /** Notices that are neither sent nor given up, oldest first. */
  open(): readonly OpenNotice[] {
    const oldest = this.#options.clock() - STALE_MS;
    for (const { id, askedAt } of this.#open.values()) if (askedAt <= oldest) this.#open.delete(id);
    return [...this.#open.values()].sort((a, b) => a.askedAt - b.askedAt);
  }

  /** When people were told of an email by a channel. */
  toldOf(receipt: string, channel: string): Told {
    return this.#told.get(channel)?.get(receipt) ?? {};
  }

  /** When a team was last told of new email, its assistants' or received, by a channel; epoch milliseconds. */
  lastTold(notice: Pick<OpenNotice, "team" | "channel" | "isReceived">): number | undefined {
    return this.#lastTold.get(kindOf(notice));
  }

  healthOf(channel: string): ChannelHealth {
    return this.#health.get(channel) ?? {};
  }

  /** Whether a notice may go out by a channel now; `notice`: which, if there is one yet. */
  mayUse(channel: string, notice?: string): boolean {
    const { rest } = this.healthOf(channel);
    return (
      rest === undefined ||
      rest.until <= this.#options.clock() ||
      (notice !== undefined && rest.notice === notice)
    );
  }

  /** Keeps nothing of email that waits no more. What was told a moment ago may only not be known to wait yet. */
  keepOnly(isWaiting: (receipt: string) => boolean): void {
    const recently = this.#options.clock() - KEEP_MS;
    for (const of of this.#told.values())
      for (const [receipt, { told = 0, reminded = told, escalated = reminded }] of of)
        if (Math.max(reminded, escalated) < recently && !isWaiting(receipt)) of.delete(receipt);
  }

  #note({ data, at, team, receipt }: TrailRecord<"notice">): void {
    const id = receipt ?? "";
    const time = Date.parse(at);
    const { channel, over, about, receipts } = data;
    if (data.result === "asked") {
      const { link = "" } = data;
      const begun = { askedAt: time, attempts: 0, isUnsure: false, dueAt: time };
      const isReceived = receipts.some(isIncomingReceipt);
      const asked = { id, team: team ?? "", channel, over, about, isReceived, receipts, link };
      this.#open.set(id, { ...asked, ...begun });
      return;
    }
    const notice = this.#open.get(id);
    if (data.result === "sending") {
      const begun = { attempts: data.attempt, isUnsure: true, dueAt: time + ATTEMPT_MS };
      if (notice !== undefined) this.#open.set(id, { ...notice, receipts, ...begun });
      return;
    }
    if (data.result === "failed") {
      this.#noteFailure({ id, channel, time }, data);
      return;
    }
    this.#open.delete(id);
    if (data.result !== "sent") return;
    this.#health.set(channel, { sentAt: time });
    if (notice !== undefined) this.#noteTold(notice, time);
  }

  #noteFailure(
    { id, channel, time }: { readonly id: string; readonly channel: string; readonly time: number },
    { code = "unknown", retry_at: retryAt }: NoticeData,
  ): void {
    const { rest: _, ...health } = this.healthOf(channel);
    const failing = { since: health.failing?.since ?? time, code };
    const notice = this.#open.get(id);
    const until = Date.parse(retryAt ?? "");
    if (Number.isNaN(until)) {
      this.#open.delete(id);
      this.#health.set(channel, { ...health, failing, gaveUpAt: time, rest: { until: time + REST_MS } });
      return;
    }
    if (notice !== undefined) this.#open.set(id, { ...notice, isUnsure: false, dueAt: until });
    this.#health.set(channel, { ...health, failing, rest: { until, notice: id } });
  }

  #noteTold(notice: OpenNotice, time: number): void {
    const { channel, over, about, receipts } = notice;
    const told = this.#told.get(channel) ?? new Map<string, Told>();
    this.#told.set(channel, told);
    // In a chat everybody reads that it escalates; by email only those do to whom it does.
    const isTold = about !== "escalated" || over !== "email";
    for (const receipt of receipts) {
      const before = told.get(receipt);
      told.set(receipt, {
        ...before,
        ...(isTold && { told: before?.told ?? time }),
        ...(isTold && about !== "waiting" && { reminded: time }),
        ...(about === "escalated" && { escalated: time }),
      });
    }
    if (about === "waiting") this.#lastTold.set(kindOf(notice), time);
  }
}

function kindOf({ channel, team, isReceived }: Pick<OpenNotice, "team" | "channel" | "isReceived">): string {
  return `${channel} ${team}${isReceived ? " received" : ""}`;
}
