import { type Action, type InvalidAction, invalidFields, type SendAction } from "@countersign/core/action";
import { z } from "zod";
import type { Arguments, EmailTool } from "./tool.ts";

/** What a call asks for: one action, several for a report, or the policy itself. */
export type Asked = Action | readonly SendAction[] | "policy";

/**
 * A call's arguments → what it asks for. Names that the tool does not have are refused, each by its name, and so is
 * whatever is wrong with the others. A null, or "" for what is optional, counts as left out: models write it so.
 */
export function toActions(tool: EmailTool, args: Arguments): Asked {
  const given = Object.fromEntries(
    Object.entries(args).filter(([name, value]) => value !== null && (value !== "" || isNeeded(tool, name))),
  );
  const names = z.strictObject(
    Object.fromEntries(Object.keys(tool.properties).map((name) => [name, z.unknown().optional()])),
  );
  const known = names.safeParse(given);
  if (known.success) return tool.parse?.(given) ?? "policy";
  const unknown = invalidFields(tool.action ?? "policy", known.error);
  const rest = tool.parse?.(
    Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(tool.properties, name))),
  );
  return isInvalid(rest)
    ? { ...unknown, problems: [...rest.problems, ...unknown.problems].slice(0, 20) }
    : unknown;
}

/** Also a name that the tool does not have: it is refused. */
function isNeeded({ properties, required }: EmailTool, name: string): boolean {
  return required.includes(name) || !Object.hasOwn(properties, name);
}

function isInvalid(parsed: Action | readonly SendAction[] | undefined): parsed is InvalidAction {
  return parsed !== undefined && "name" in parsed && parsed.name === "invalid";
}
