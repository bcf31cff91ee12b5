import { type Action, fieldName, type InvalidAction, invalidJson } from "@countersign/core/action";
import type { Arguments, Asked, EmailTool } from "./tool.ts";

/** More problems than this help nobody. */
const MAX_PROBLEMS = 20;

/**
 * A call's arguments → what it asks for. Names that the tool does not have are refused, each by its name, and so is
 * whatever is wrong with the others. A null, or "" for what is optional, counts as left out: models write it so.
 */
export function toActions(tool: EmailTool, args: Arguments): Asked {
  const { properties, required } = tool.inputSchema;
  const isKnown = (name: string) => Object.hasOwn(properties, name);
  const given = Object.entries(args).filter(
    ([name, value]) => value !== null && (value !== "" || required.includes(name) || !isKnown(name)),
  );
  const asked = tool.parse(Object.fromEntries(given.filter(([name]) => isKnown(name))));
  const unknown = given
    .filter(([name]) => !isKnown(name))
    .slice(0, MAX_PROBLEMS)
    .map(([name]) => ({ field: fieldName(name), message: "Unknown field" }));
  if (unknown.length === 0) return asked;
  const problems = [...(isInvalid(asked) ? asked.problems : []), ...unknown];
  return invalidJson(tool.action ?? "policy", problems.slice(0, MAX_PROBLEMS));
}

function isInvalid(asked: Asked): asked is InvalidAction {
  return asked !== "policy" && "name" in asked && (asked as Action).name === "invalid";
}
