import { randomUUID } from "node:crypto";
import {
  type Action,
  invalid,
  invalidJson,
  type JsonProblem,
  type SendAction,
} from "@countersign/core/action";
import { refusedUsers } from "@countersign/core/decision";
import { policySentences } from "@countersign/core/instructions";
import { defined } from "@countersign/core/optional";
import type { AssistantPolicy, TeamPolicy } from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import type { Ticket } from "../door/admission.ts";
import { type Asker, holdsKey } from "../enforce/call.ts";
import { handle } from "../enforce/handle.ts";
import type { Outcome } from "../enforce/outcome.ts";
import type { World } from "../enforce/world.ts";
import { renderOutcome } from "./render/render_outcome.ts";
import { renderReport } from "./render/render_report.ts";
import type { ToolAnswer } from "./render/tool_answer.ts";
import { BoundedText } from "./text/bounded_text.ts";
import { toActions } from "./to_actions.ts";
import type { Arguments, EmailTool } from "./tool.ts";

/** Who calls a tool, and how the call is told from its repetition. */
export interface ToolCaller extends Asker {
  readonly ticket?: Ticket;
  /** What is in the arguments and cannot be taken as it was written. */
  readonly wrong?: readonly JsonProblem[];
  /** Dust's id of the action that this call carries out: the same if Dust repeats it, new for a new attempt. */
  readonly attempt?: string;
}

/** Does what a tool is called for: turns the arguments into actions, has them handled, and puts the outcome into words. */
export async function callTool(
  tool: EmailTool,
  args: Arguments,
  { caller, person, ticket, wrong = [], attempt }: ToolCaller,
  world: World,
): Promise<ToolAnswer> {
  const policies = world.policies();
  const policy = policies.teams.get(caller.team);
  const assistant = policy?.assistants.get(caller.assistant);
  const act = async (action: Action): Promise<Outcome> => {
    const outcome = await handle(
      defined({ id: randomUUID(), door: "mcp", caller, person, action, receivedAt: world.clock(), attempt }),
      world,
    );
    ticket?.settle(outcome);
    return outcome;
  };
  const asked = wrong.length > 0 ? invalidJson(tool.action ?? "policy", wrong) : toActions(tool, args);
  if (isReport(asked)) {
    ticket?.charge(asked.length - 1);
    return renderReport(asked, await inParallel(asked, act));
  }
  if (asked !== "policy") {
    const offset = typeof args.offset === "number" ? args.offset : 0;
    return renderOutcome(await act(asked), { tool, action: asked, policy, offset });
  }
  if (policy !== undefined && assistant !== undefined && holdsKey(policies, caller)) {
    const isProven = caller.key !== undefined;
    if (refusedUsers({ policy, assistant, context: defined({ person, isProven }) }).length === 0)
      return renderPolicy(policy, assistant);
  }
  // Whoever asks may not use the assistant, which the rule says; or the policies changed between the key's check and now.
  const action = invalid("invalid_request", "policy", "No policy names this assistant any more");
  return renderOutcome(await act(action), { tool, action, policy, offset: 0 });
}

function isReport(asked: ReturnType<typeof toActions>): asked is readonly SendAction[] {
  return Array.isArray(asked);
}

/** What the policy means for the assistant that asks. */
function renderPolicy(policy: TeamPolicy, assistant: AssistantPolicy): ToolAnswer {
  const text = new BoundedText();
  text.add(`OK: the email policy of team ${policy.team} for you, ${assistant.id}.`);
  text.addAll(policySentences(policy, assistant).map((sentence) => `- ${sentence}`));
  return { text: text.end("Every request is checked against it and goes on record."), isError: false };
}
