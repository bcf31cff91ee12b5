import { isEmailAction } from "@countersign/core/action";
import { decide } from "@countersign/core/decision";
import { TrailUnavailableError } from "@countersign/trail";
import { answerQuestion } from "./answer_question.ts";
import type { Call } from "./call.ts";
import { gatherContext } from "./context/gather_context.ts";
import type { Outcome } from "./outcome.ts";
import { recordDenial } from "./record_denial.ts";
import { sendEmail } from "./send_email.ts";
import type { World } from "./world.ts";

/**
 * The one way through: a call goes in, is judged, recorded, done, recorded again, and its outcome comes out. Denials and
 * failures are outcomes; it throws only for bugs. When the trail cannot be written, nothing is done.
 */
export function handle(call: Call, world: World): Promise<Outcome> {
  return world.metrics.call(call, () => judge(call, world));
}

async function judge(call: Call, world: World): Promise<Outcome> {
  const { action, caller } = call;
  const policies = world.policies();
  const policy = policies.teams.get(caller.team);
  try {
    const context = await gatherContext(policy, caller, action, world);
    const decision = decide(policies, action, context);
    const { unshown } = context;
    const receipt = world.newReceipt();
    const judged = { call, decision, receipt, policy, ...(unshown !== undefined && { unshown }) };
    if (isEmailAction(action)) return await sendEmail(action, judged, world);
    if (decision.effect === "deny" || policy === undefined || action.name === "invalid") {
      return await recordDenial(judged, world);
    }
    return await answerQuestion(action, { ...judged, policy }, world);
  } catch (error) {
    if (!(error instanceof TrailUnavailableError)) throw error;
    world.log.error({ err: error, call: call.id }, "Cannot write the trail, so nothing is done");
    return {
      kind: "failed",
      code: "trail_unavailable",
      message: "The audit trail cannot be written, so nothing was done; try again later",
    };
  }
}
