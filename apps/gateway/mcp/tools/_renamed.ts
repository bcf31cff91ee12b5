import type { Action } from "@countersign/core/action";

/** An invalid action with its fields called as the tool's arguments are; any other action as it is. */
export function renamed<T extends Action | readonly Action[]>(
  parsed: T,
  rename: (field: string) => string,
): T {
  if (!("name" in parsed) || parsed.name !== "invalid") return parsed;
  return {
    ...parsed,
    problems: parsed.problems.map(({ field, message }) => ({ field: rename(field), message })),
  };
}
