import type { z } from "zod";
import type { InvalidAction, InvalidCode } from "./action.ts";
import { fieldName, type JsonProblem } from "./read_json.ts";

/** More problems than this help nobody. */
const MAX_PROBLEMS = 20;

/** A request that cannot be an action, for one reason. */
export function invalid(code: InvalidCode, attempted: string, message: string): InvalidAction {
  return { name: "invalid", code, attempted: attempted.slice(0, 200), problems: [{ field: "", message }] };
}

/** A request in which something cannot be taken as it was written, each by its field. */
export function invalidJson(attempted: string, problems: readonly JsonProblem[]): InvalidAction {
  return { name: "invalid", code: "invalid_request", attempted: attempted.slice(0, 200), problems };
}

/** A request whose fields are wrong, each named. */
export function invalidFields(attempted: string, error: z.ZodError): InvalidAction {
  const problems = error.issues.slice(0, MAX_PROBLEMS).flatMap((issue) => {
    const field = issue.path.join(".");
    if (issue.code !== "unrecognized_keys") return [{ field: fieldName(field), message: issue.message }];
    return issue.keys.slice(0, MAX_PROBLEMS).map((key) => ({
      field: fieldName(field === "" ? key : `${field}.${key}`),
      message: "Unknown field",
    }));
  });
  return { name: "invalid", code: "invalid_request", attempted, problems: problems.slice(0, MAX_PROBLEMS) };
}
