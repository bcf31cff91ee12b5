import type { Action } from "@countersign/core/action";
import type { TeamPolicy } from "@countersign/core/policy";
import type { EmailTool } from "../tool.ts";

/** What a tool answers: text for the model, its verdict in the first line. */
export interface ToolAnswer {
  readonly text: string;
  /** The policy said no, or it could not be done. */
  readonly isError: boolean;
}

/** What an answer answers. */
export interface AskedOfTool {
  readonly tool: EmailTool;
  readonly action: Action;
  /** The team's policy; undefined when it has none any more. */
  readonly policy: TeamPolicy | undefined;
  /** Where the body that is shown begins. */
  readonly offset: number;
}
