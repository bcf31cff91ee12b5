import type { OriginalEmail } from "./context.ts";
import { isFitToAnswer } from "./fit_to_show.ts";

/** The email that a reply answers, as far as it may be answered: of one that may not, why not, and nothing else. */
export function answerable(original: OriginalEmail): OriginalEmail {
  if (!original.ok) return original;
  const { status, isOwn = false, hasLeft = false } = original;
  if (isFitToAnswer({ status, isOwn, hasLeft })) return original;
  const message = WAITING.has(status)
    ? "it still waits for a person's approval"
    : "it is none that may be answered";
  return { ok: false, message };
}

const WAITING: ReadonlySet<string> = new Set(["pending_inbound_approval", "pending_send_approval"]);
