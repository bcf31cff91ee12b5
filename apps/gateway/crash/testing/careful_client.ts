import { setTimeout as sleep } from "node:timers/promises";

/** Longer than the gateway waits for MultiMail. */
const TIMEOUT_MS = 5_000;

/** A test has no time to wait for as long as it is told to. */
const MAX_WAIT_MS = 200;

/** One email to be sent through the gateway. */
export interface EmailRequest {
  readonly key: string;
  readonly path: "/v1/send" | "/v1/reply";
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Sends as a careful client does: as long as it was not told that the email was taken, by a lost connection, a server's
 * error or "later", it asks for the same again, while it is wanted. Resolves with the receipt that it was given.
 *
 * @throws {RefusedError} when the gateway refuses the email, or nobody wants it any more
 */
export async function sendCarefully(
  { key, path, body }: EmailRequest,
  url: () => string | Promise<string>,
  isWanted: () => boolean = () => true,
): Promise<string> {
  while (true) {
    const base = await url();
    try {
      const response = await fetch(`${base}${path}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const answer = (await response.json()) as Answer;
      if (response.status === 202) return answer.receipt;
      if (response.status !== 429 && response.status < 500) throw new RefusedError(JSON.stringify(answer));
      const retryAfterMs = Number(response.headers.get("retry-after") ?? 0) * 1_000;
      await sleep(Math.min(retryAfterMs, MAX_WAIT_MS));
    } catch (error) {
      if (error instanceof RefusedError) throw error;
    }
    if (!isWanted()) throw new RefusedError("Nobody asks for it any more");
    await sleep(10);
  }
}

interface Answer {
  readonly receipt: string;
}

/** A request that is refused for good. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}
