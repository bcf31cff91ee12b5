import type { Action } from "@countersign/core/action";
import type { TeamPolicy } from "@countersign/core/policy";
import type { EmailTool } from "../tool.ts";

/** What an answer answers. */
export interface AskedOfTool {
  readonly tool: EmailTool;
  readonly action: Action;
  /** The team's policy; undefined when it has none any more. */
  readonly policy: TeamPolicy | undefined;
  /** Where the body that is shown begins. */
  readonly offset: number;
}
