import type { ActionName } from "@countersign/core/action";
import { policySentences } from "@countersign/core/instructions";
import type { AssistantPolicy, TeamPolicy } from "@countersign/core/policy";
import type { EmailTool } from "./tool.ts";

/** The longest description of a tool: longer ones are not read to their end. */
export const MAX_DESCRIPTION = 1_500;

const SENDS: ReadonlySet<ActionName> = new Set(["send", "reply", "report"]);
const CHANGES: ReadonlySet<ActionName> = new Set([...SENDS, "cancel"]);

const MORE = "email_policy tells the rest of the policy.";

/**
 * A tool's description for the assistant that calls: what it does, what the assistant's policy makes of it, and how to
 * speak about that. Dust shows the model nothing else of us, so that the rules belong here.
 */
export function describeTool(tool: EmailTool, policy: TeamPolicy, assistant: AssistantPolicy): string {
  const { action } = tool;
  const purpose = tool.purpose(policy, assistant);
  if (action === undefined) return `${purpose} ${tool.advice}`;
  if (!assistant.actions.has(action) || (policy.oversight === "read_only" && CHANGES.has(action))) {
    return `NOT ALLOWED for you by the policy of team ${policy.team}: every call is refused. ${purpose}`;
  }
  if (!SENDS.has(action)) return `${purpose} ${tool.advice}`;
  const sentences = policySentences(policy, assistant);
  const free = MAX_DESCRIPTION - purpose.length - tool.advice.length - MORE.length - 3;
  const told = fitting(sentences, free);
  return [purpose, ...told, ...(told.length < sentences.length ? [MORE] : []), tool.advice].join(" ");
}

/** Those of the sentences, in order, that together stay below `max` characters, spaces included. */
function fitting(sentences: readonly string[], max: number): readonly string[] {
  let free = max;
  return sentences.filter(({ length }) => {
    if (length + 1 > free) return false;
    free -= length + 1;
    return true;
  });
}
