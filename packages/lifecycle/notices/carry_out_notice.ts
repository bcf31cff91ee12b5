import { randomUUID } from "node:crypto";
import { type NoticeData, noticeEntry, type TrailStore } from "@countersign/trail";
import type { Logger } from "pino";
import { type OpenNotice, STALE_MS } from "./notice_ledger.ts";
import { type NoticeMessage, noticeMessage, type WaitingFact } from "./notice_message.ts";

/** When a notice that failed is tried again, in milliseconds after each attempt; after the last it is given up. */
const RETRY_MS = [30_000, 2 * 60_000, 10 * 60_000, 30 * 60_000, 60 * 60_000] as const;

/** What a channel made of a notice. `people`: to how many it went by email. */
export type Delivery =
  | { readonly ok: true; readonly people?: number }
  | {
      readonly ok: false;
      /** In a word, without anything that the channel said: `timeout`, `http_404`. */
      readonly code: string;
      readonly people?: number;
      /** Whether another attempt may succeed without anybody having changed something. */
      readonly mayRetry: boolean;
      /** How long the channel asks to be left alone, in milliseconds. */
      readonly retryAfterMs?: number;
    };

/** What notices are carried out with. */
export interface NoticeWorld {
  readonly trail: Pick<TrailStore, "append" | "tryAppend">;
  /** Hash of the policies in force. */
  readonly policy: () => string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** Those of the emails that wait at this moment. */
  readonly stillWaiting: (receipts: readonly string[]) => Promise<readonly WaitingFact[]>;
  /** Hands the message to the channel, once. */
  readonly deliver: (message: NoticeMessage, notice: OpenNotice) => Promise<Delivery>;
}

/** What became of an attempt; `taken`: somebody else makes it. */
export type NoticeResult = "sent" | "failed" | "dropped" | "taken";

/**
 * Makes one attempt to send a notice: what it tells of is looked at again, and the attempt is durable before anything leaves,
 * under a claim that one console or gateway gets. Without an email that still waits nothing is sent.
 *
 * @throws {TrailUnavailableError} when it cannot be put on record; before the attempt nothing was sent then
 */
export async function carryOutNotice(notice: OpenNotice, world: NoticeWorld): Promise<NoticeResult> {
  const { trail, clock, log, stillWaiting } = world;
  const waiting = await stillWaiting(notice.receipts);
  const attempt = notice.attempts + 1;
  const now = clock();
  const assistants = new Set(waiting.map(({ assistant }) => assistant ?? null));
  const frame = {
    team: notice.team,
    assistant: assistants.size === 1 ? ([...assistants][0] ?? null) : null,
    receipt: notice.id,
    policy: world.policy(),
  };
  const { channel, over, about } = notice;
  const said = { channel, over, about, emails: waiting.length, receipts: [], attempt } as const;
  const claim = {
    key: `notice:${notice.id}:${attempt}`,
    fingerprint: randomUUID(),
    expiresAt: now + STALE_MS,
  };
  const begun: NoticeData =
    waiting.length === 0
      ? { ...said, result: "dropped" }
      : {
          ...said,
          result: "sending",
          receipts: waiting.map(({ receipt }) => receipt),
          ...(notice.isUnsure && { unsure: true }),
        };
  if (!(await trail.tryAppend({ ...noticeEntry(begun, { ...frame, at: now }), claims: [claim] })).ok)
    return "taken";
  if (waiting.length === 0) return "dropped";
  const told = {
    notice: notice.id,
    team: notice.team,
    channel,
    over,
    about,
    emails: waiting.length,
    attempt,
  };
  if (notice.isUnsure) log.warn(told, "Nobody knows whether a notice arrived; it is sent again");
  const delivery = await deliverSafely(noticeMessage(notice, waiting, now), notice, world);
  const people = delivery.people === undefined ? {} : { people: delivery.people };
  if (delivery.ok) {
    await trail.append(noticeEntry({ ...said, ...people, result: "sent" }, { ...frame, at: clock() }));
    log.info(told, "Told people that email waits");
    return "sent";
  }
  const { code } = delivery;
  const retryAt = retryAtOf(delivery, attempt, clock());
  const failed: NoticeData = { ...said, ...people, result: "failed", code, retry_at: retryAt };
  await trail.append(noticeEntry(failed, { ...frame, at: clock() }));
  log.warn(
    { ...told, code, retryAt },
    retryAt === null
      ? "Cannot tell people that email waits; this notice is given up"
      : "Cannot tell people that email waits; it is tried again",
  );
  return "failed";
}

async function deliverSafely(
  message: NoticeMessage,
  notice: OpenNotice,
  { deliver, log }: NoticeWorld,
): Promise<Delivery> {
  try {
    return await deliver(message, notice);
  } catch (error) {
    // Its message may hold an address that is a secret.
    const name = error instanceof Error ? error.name : typeof error;
    log.error({ notice: notice.id, error: name }, "A notice failed in a way that nobody foresaw");
    return { ok: false, code: "internal_error", mayRetry: true };
  }
}

function retryAtOf(
  { mayRetry, retryAfterMs = 0 }: Extract<Delivery, { ok: false }>,
  attempt: number,
  now: number,
): string | null {
  const ms = RETRY_MS[attempt - 1];
  if (!mayRetry || ms === undefined) return null;
  return new Date(now + Math.max(ms, Math.min(retryAfterMs, RETRY_MS[4]))).toISOString();
}
