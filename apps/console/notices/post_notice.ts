import type { NotifyChannel } from "@countersign/core/policy";
import type { NotifyTarget } from "@countersign/host";
import type { Delivery, NoticeMessage } from "@countersign/lifecycle";
import { slackPayload } from "./slack_payload.ts";
import { teamsPayload } from "./teams_payload.ts";
import { webhookRequest } from "./webhook_request.ts";

/** For a whole request, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** How a notice is posted. */
export interface PostNoticeOptions {
  readonly kind: Exclude<NotifyChannel["kind"], "email">;
  readonly target: NotifyTarget;
  /** For a whole request, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
}

/**
 * Posts a notice to its channel, once. Redirects are not followed, and of the answer only its status counts: what it says is
 * neither read nor logged.
 */
export async function postNotice(
  message: NoticeMessage,
  { kind, target, timeoutMs = TIMEOUT_MS }: PostNoticeOptions,
): Promise<Delivery> {
  const { body, headers } =
    kind === "webhook"
      ? webhookRequest(message, target.secret ?? "")
      : {
          body: JSON.stringify(kind === "slack" ? slackPayload(message) : teamsPayload(message)),
          headers: {},
        };
  let response: Response;
  try {
    response = await fetch(target.url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "user-agent": "countersign", ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return { ok: false, code: isLate ? "timeout" : "unreachable", mayRetry: true };
  }
  // Whoever answers without end holds nothing up.
  void response.body?.cancel().catch(() => undefined);
  const { status } = response;
  if (status >= 200 && status < 300) return { ok: true };
  const retryAfterMs = Number(response.headers.get("retry-after") ?? Number.NaN) * 1000;
  return {
    ok: false,
    code: `http_${status}`,
    mayRetry: status >= 500 || status === 408 || status === 425 || status === 429,
    ...(Number.isFinite(retryAfterMs) && retryAfterMs > 0 && { retryAfterMs }),
  };
}
