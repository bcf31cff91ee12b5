import type { Action, ActionName, SendAction } from "@countersign/core/action";
import type { AssistantPolicy, TeamPolicy } from "@countersign/core/policy";
import type { ToolAnnotations } from "@modelcontextprotocol/server";

/** What a call names, after nulls are taken out and unknown names are refused. */
export type Arguments = Readonly<Record<string, unknown>>;

/** One argument, as JSON Schema of draft 7: always an object with a description, and never a reference. */
export interface Property {
  readonly type: "string" | "integer" | "boolean" | "array" | "object";
  readonly description: string;
  readonly [keyword: string]: unknown;
}

/** One of the tools that every assistant is shown. */
export interface EmailTool {
  readonly name: string;
  readonly title: string;
  /** What it needs of a policy's `actions`; absent: it only tells the policy. */
  readonly action?: ActionName;
  /** Begins the description: what it does. */
  readonly purpose: (policy: TeamPolicy, assistant: AssistantPolicy) => string;
  /** Ends the description: how to use it and to speak about it. */
  readonly advice: string;
  /** What Dust shows the user while it runs, and afterwards. */
  readonly labels: { readonly running: string; readonly done: string };
  readonly annotations: ToolAnnotations;
  readonly properties: Readonly<Record<string, Property>>;
  readonly required: readonly string[];
  /** Arguments → what is asked for: more than one action for a report. Absent: see `action`. */
  readonly parse?: (args: Arguments) => Action | readonly SendAction[];
}
