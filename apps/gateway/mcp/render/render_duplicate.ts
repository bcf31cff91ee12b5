import type { Duplicate } from "../../enforce/outcome.ts";
import type { ToolAnswer } from "./tool_answer.ts";
import { VERDICTS } from "./verdicts.ts";

/** A request that came before: it is answered with what became of the first one. */
export function renderDuplicate({ receipt, state }: Duplicate): ToolAnswer {
  const { word, meaning } = VERDICTS[state.status];
  return {
    text: [
      "DUPLICATE: the same email was asked for a short while ago; nothing was sent again.",
      `Receipt: ${receipt} (the first one)`,
      `${word}: ${meaning}.`,
      "Only if the user wants the same email twice, give a new idempotency_key.",
    ].join("\n"),
    isError: false,
  };
}
