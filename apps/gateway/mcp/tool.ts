import {
  type Action,
  type ActionName,
  type InvalidAction,
  invalidFields,
  type SendAction,
} from "@countersign/core/action";
import type { AssistantPolicy, TeamPolicy } from "@countersign/core/policy";
import type { ToolAnnotations } from "@modelcontextprotocol/server";
import type { z } from "zod";
import { type InputSchema, inputSchema } from "./input_schema.ts";

/** What a call names, after nulls are taken out and unknown names are refused. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What a call asks for: one action, several for a report, or the policy itself. */
export type Asked = Action | readonly SendAction[] | "policy";

/** What clients are told of a tool, besides its arguments. */
export interface ToolWords {
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
}

/** One of the tools that every assistant is shown. */
export interface EmailTool extends ToolWords {
  /** What clients are told of its arguments: of the same fields that `parse` judges. */
  readonly inputSchema: InputSchema;
  /** A call's arguments, all of names that the tool has → what is asked for. */
  readonly parse: (args: Arguments) => Asked;
}

/** A tool whose arguments are what `schema` says, both for clients and for the parser. */
export function emailTool<Shape extends z.ZodRawShape>(
  words: ToolWords & { readonly action: ActionName },
  schema: z.ZodObject<Shape>,
  toAction: (args: z.output<z.ZodObject<Shape>>) => Action,
): EmailTool {
  const parse = (args: Arguments): Action | InvalidAction => {
    const parsed = schema.safeParse(args);
    return parsed.success ? toAction(parsed.data) : invalidFields(words.action, parsed.error);
  };
  return { ...words, inputSchema: inputSchema(schema), parse };
}
