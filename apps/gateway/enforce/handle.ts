import { type Action, isEmailAction } from "@countersign/core/action";
import { decide, type Finding } from "@countersign/core/decision";
import { factsOf } from "@countersign/lifecycle";
import { TrailUnavailableError } from "@countersign/trail";
import { answerQuestion } from "./answer_question.ts";
import { type Call, holdsKey } from "./call.ts";
import { gatherContext } from "./context/gather_context.ts";
import { mayRevise, NOT_REVISABLE } from "./may_revise.ts";
import type { Outcome } from "./outcome.ts";
import { deniedBy, recordDenial } from "./record_denial.ts";
import { sendEmail } from "./send_email.ts";
import type { World } from "./world.ts";

/**
 * The one way through: a call goes in, is judged, recorded, done, recorded again, and its outcome comes out. Denials and
 * failures are outcomes; it throws only for bugs. When the trail cannot be written, nothing is done.
 */
export function handle(call: Call, world: World): Promise<Outcome> {
  return world.metrics.call(call, () => judge(call, world));
}

async function judge(asked: Call, world: World): Promise<Outcome> {
  const { caller } = asked;
  try {
    const { policies, policy, context } = await gather(asked, world);
    const { action } = context;
    const call = { ...asked, action };
    const decision = decide(policies, action, context);
    const facts = factsOf({ action, context, policy, decision, receivedAt: asked.receivedAt });
    const { unshown, original, counters } = context;
    const originalSubject = original?.ok === true ? { originalSubject: original.subject } : {};
    const receipt = world.newReceipt();
    const known =
      action.name === "reply" && original?.ok === true ? action.emailId : await knownId(action, world);
    const about = {
      ...{ call, decision, receipt, policy, counters, ...originalSubject },
      ...(facts !== undefined && { facts }),
      ...(known !== undefined && { known }),
      ...(unshown !== undefined && { unshown }),
    };
    // The door has seen the key, maybe a while ago: what counts is whether those policies that decide know it.
    if (!holdsKey(policies, caller)) {
      const gone = deniedBy({ ...about, decision: { ...decision, held: false } }, KEY_IS_GONE);
      return await recordDenial(gone, world);
    }
    if (isEmailAction(action)) {
      const { revises } = action;
      // Only once it may leave: what became of an earlier one is not for whoever may not use the assistant.
      if (revises === undefined || decision.effect === "deny") return await sendEmail(action, about, world);
      if (!(await mayRevise(revises, caller, world.trail)))
        return await recordDenial(deniedBy(about, NOT_REVISABLE), world);
      return await sendEmail(action, { ...about, revises }, world);
    }
    if (decision.effect === "deny" || policy === undefined || action.name === "invalid") {
      return await recordDenial(about, world);
    }
    return await answerQuestion(action, { ...about, policy }, world);
  } catch (error) {
    if (!(error instanceof TrailUnavailableError)) throw error;
    world.log.error({ err: error, call: asked.id }, "Cannot write the trail, so nothing is done");
    return {
      kind: "failed",
      code: "trail_unavailable",
      message: "The audit trail cannot be written, so nothing was done; try again later",
    };
  }
}

/** What a question is about, if the trail knows it: an email that left from here, or its receipt. */
async function knownId(action: Action, { trail }: World): Promise<string | undefined> {
  if (action.name !== "read" && action.name !== "cancel" && action.name !== "status") return undefined;
  if (action.name !== "read" && action.receipt !== undefined) {
    return (await trail.recordsOf(action.receipt)).length > 0 ? action.receipt : undefined;
  }
  const email = action.name === "status" ? undefined : action.emailId;
  return email !== undefined && (await trail.receiptOf(email)) !== undefined ? email : undefined;
}

const KEY_IS_GONE: Finding = {
  rule: "caller",
  effect: "deny",
  message: "This key opens nothing any more; ask the platform team for another one",
};

/** What decides, and what it needs to know. While that is asked for, new policies may come in force: then it is asked anew. */
async function gather(call: Call, world: World) {
  for (;;) {
    const { team } = call.caller;
    const policy = world.policies().teams.get(team);
    const context = await gatherContext(policy, call, world);
    const policies = world.policies();
    if (policies.teams.get(team) === policy) return { policies, policy, context };
  }
}
