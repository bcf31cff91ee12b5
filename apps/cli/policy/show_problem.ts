import { formatProblem, type PolicyProblem } from "@countersign/core/policy";
import { paint } from "../terminal/talk.ts";

/** A problem in a policy as `file:line:col: message (path)`, its place in a colour on a terminal. */
export function showProblem(problem: PolicyProblem): string {
  const text = formatProblem(problem);
  const end = text.indexOf(": ");
  return `${paint("place", text.slice(0, end))}${text.slice(end)}`;
}
