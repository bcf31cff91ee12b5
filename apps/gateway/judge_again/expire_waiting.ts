import type { Waiting } from "@countersign/lifecycle";
import type { JudgeAgainWorld } from "./judge_again_world.ts";
import { showEmail } from "./show_email.ts";
import { takeBack } from "./take_back.ts";

/**
 * Takes an email back that nobody decided on in time, unless MultiMail says that somebody did. `later`: it could not be, now.
 *
 * @throws {MultiMailError}
 * @throws {TrailUnavailableError}
 */
export async function expireWaiting(
  waiting: Waiting,
  world: JudgeAgainWorld,
): Promise<"expired" | "gone" | "later"> {
  const { receipt, intent } = waiting;
  const shown = await showEmail(waiting, world);
  if (shown === undefined) return "later";
  const { status, approvedAt } = shown.email;
  if (status === "pending_scan") return "later";
  if (status !== "pending_send_approval" || approvedAt !== undefined) {
    await world.look(receipt, "polling");
    return "gone";
  }
  const policy = world.policies().hash;
  const taken = await takeBack(waiting, { event: "expired", policy, client: shown.client }, world);
  if (taken !== "cancelled") return taken;
  world.log.info({ receipt, team: intent.team }, "Cancelled an email that nobody decided on in time");
  return "expired";
}
