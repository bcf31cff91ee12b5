import { isEmailAction } from "@countersign/core/action";
import { messageOf } from "../../door/message_of.ts";
import type { Denied } from "../../enforce/outcome.ts";
import { BoundedText } from "../text/bounded_text.ts";
import { oneLine } from "../text/one_line.ts";
import type { AskedOfTool, ToolAnswer } from "./tool_answer.ts";

/** What the policy refused: which rules, and what would be fine. */
export function renderDenied({ code, receipt, decision }: Denied, asked: AskedOfTool): ToolAnswer {
  const { action, tool, policy } = asked;
  const nothing =
    isEmailAction(action) || action.name === "invalid" ? "nothing was sent" : "nothing was done";
  const text = new BoundedText();
  text.add(
    action.name === "invalid"
      ? `DENIED (${code}): ${tool.name} cannot be called like this; ${nothing}.`
      : `DENIED (${code}): the policy of team ${policy?.team ?? "none"} refuses this; ${nothing}.`,
  );
  text.add(`Receipt: ${receipt}`);
  const reasons = reasonLines(decision);
  const shown = text.addAll(reasons);
  if (shown < reasons.length) text.add(`- and ${reasons.length - shown} more`);
  if (action.name === "invalid") {
    const { properties, required } = tool.inputSchema;
    const names = Object.keys(properties).map((name) =>
      required.includes(name) ? `${name} (required)` : name,
    );
    return { text: text.end(`${tool.name} takes: ${names.join(", ") || "no arguments"}`), isError: true };
  }
  return {
    text: text.end(
      "Tell the user which rule stopped it. Do not try other words, recipients or tools to get around it; email_policy tells what is fine.",
    ),
    isError: true,
  };
}

/** Each reason to deny: the rule, whom it is about, and what would be fine. */
export function reasonLines({ findings, recipients }: Denied["decision"]): readonly string[] {
  const reasons = findings
    .filter(({ effect }) => effect === "deny")
    .map((finding) => `- ${finding.rule}: ${oneLine(messageOf(finding, recipients), 600)}`);
  return reasons.length > 0 ? reasons : ["- The policy does not allow it"];
}
