import { isCurable } from "./denial_code.ts";
import { failureOf } from "./failure.ts";
import type { Judged } from "./judged.ts";
import { judgedEntry } from "./judged_entry.ts";
import type { Failed } from "./outcome.ts";
import type { World } from "./world.ts";

/**
 * Puts a reply on record that is denied only because MultiMail did not show the email replied to, so that nobody knows
 * whom it would reach. That is MultiMail's failure, which passes, and no policy's: the caller may try again. Undefined
 * when it is denied for another reason too.
 */
export function recordUnshown(judged: Judged, world: World): Promise<Failed> | undefined {
  const { decision, receipt, unshown } = judged;
  const isCured = decision.findings.every(
    (finding) => finding.effect !== "deny" || finding.rule === "reply" || isCurable(finding),
  );
  if (unshown === undefined || !isCured) return undefined;
  const { code, message } = failureOf(unshown);
  const { retryAfterMs } = unshown;
  return world.trail.append(judgedEntry(judged)).then(() => ({
    kind: "failed",
    receipt,
    code,
    message: `The email replied to could not be read. ${message}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }));
}
