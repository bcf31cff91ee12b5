import { isEmailAction } from "@countersign/core/action";
import type { Failed } from "../../enforce/outcome.ts";
import { oneLine } from "../text/one_line.ts";
import type { AskedOfTool, ToolAnswer } from "./tool_answer.ts";

/** What the policy agreed to and could not be done. */
export function renderFailed(outcome: Failed, { action }: AskedOfTool): ToolAnswer {
  const { code, receipt, retryAfterMs } = outcome;
  // Somebody who asks for the latest email and gets none must not think that it is lost.
  const message =
    code === "not_found" && action.name === "status" && action.receipt === undefined
      ? "You have asked for no email yet that the policy let through"
      : outcome.message;
  return {
    text: [
      `FAILED (${code}): ${oneLine(message, 700)}${isEmailAction(action) ? "; nothing was sent" : ""}.`,
      ...(receipt === undefined ? [] : [`Receipt: ${receipt}`]),
      ...(retryAfterMs === undefined
        ? []
        : [`Try again in ${Math.ceil(retryAfterMs / 1000)} seconds, not before.`]),
    ].join("\n"),
    isError: true,
  };
}
