import { policySentences } from "@countersign/core/instructions";
import type { AssistantPolicy, TeamPolicy } from "@countersign/core/policy";
import { BoundedText } from "../text/bounded_text.ts";
import type { ToolAnswer } from "./tool_answer.ts";

/** What the policy means for the assistant that asks. */
export function renderPolicy(policy: TeamPolicy, assistant: AssistantPolicy): ToolAnswer {
  const text = new BoundedText();
  text.add(`OK: the email policy of team ${policy.team} for you, ${assistant.id}.`);
  text.addAll(policySentences(policy, assistant).map((sentence) => `- ${sentence}`));
  return { text: text.end("Every request is checked against it and goes on record."), isError: false };
}
