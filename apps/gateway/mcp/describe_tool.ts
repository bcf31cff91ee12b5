import type { ActionName } from "@countersign/core/action";
import { policySentences } from "@countersign/core/instructions";
import type { AssistantPolicy, TeamPolicy } from "@countersign/core/policy";
import type { EmailTool } from "./tool.ts";

/** The longest description of a tool, in bytes: some models refuse a whole list when one is longer than 1,024. */
export const MAX_DESCRIPTION = 1_024;

const SENDS: ReadonlySet<ActionName> = new Set(["send", "reply", "report"]);
const CHANGES: ReadonlySet<ActionName> = new Set([...SENDS, "cancel"]);

const MORE = "email_policy tells the rest of the policy.";

/**
 * A tool's description for the assistant that calls: what it does, what the assistant's policy makes of it, and how to
 * speak about that. Dust shows the model nothing else of us, so that the rules belong here.
 */
export function describeTool(tool: EmailTool, policy: TeamPolicy, assistant: AssistantPolicy): string {
  const { action } = tool;
  if (action !== undefined && isRefused(action, policy, assistant)) {
    return (
      `NOT ALLOWED for you by the policy of team ${policy.team}: every call is refused. Do not call it; ` +
      "tell the user that you may not do this by email, and that the team's platform engineers decide it."
    );
  }
  const purpose = tool.purpose(policy, assistant);
  if (action === undefined || !SENDS.has(action)) return `${purpose} ${tool.advice}`;
  const sentences = policySentences(policy, assistant);
  const free = MAX_DESCRIPTION - bytesOf(purpose) - bytesOf(tool.advice) - bytesOf(MORE) - 3;
  const told = fitting(sentences, free);
  return [purpose, ...told, ...(told.length < sentences.length ? [MORE] : []), tool.advice].join(" ");
}

function isRefused(action: ActionName, policy: TeamPolicy, assistant: AssistantPolicy): boolean {
  return !assistant.actions.has(action) || (policy.oversight === "read_only" && CHANGES.has(action));
}

/** Those of the sentences, in order, that together stay below `max` bytes, spaces included. */
function fitting(sentences: readonly string[], max: number): readonly string[] {
  let free = max;
  return sentences.filter((sentence) => {
    const bytes = bytesOf(sentence) + 1;
    if (bytes > free) return false;
    free -= bytes;
    return true;
  });
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
