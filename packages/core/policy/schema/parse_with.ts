import { z } from "zod";
import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { suggest } from "../suggest.ts";
import { joinPath, nearestPlace } from "../where.ts";
import { showValue } from "./_leaves.ts";

/** A file's content, typed; none when there are problems. */
export interface ParsedWith<T> {
  readonly content?: T;
  readonly problems: readonly PolicyProblem[];
}

/** Parses a document with a schema. Says everything that is wrong, one problem a value, in the policy's own words. */
export function parseWith<T>(schema: z.ZodType<T>, document: PolicyDocument): ParsedWith<T> {
  const result = schema.safeParse(document.value, { error: describe });
  if (result.success) return { content: result.data, problems: [] };
  const problems = new Map<string, PolicyProblem>();
  for (const issue of result.error.issues.flatMap(flatten)) {
    for (const problem of problemsOf(issue, document)) {
      if (!problems.has(problem.path) && !document.spoilt.has(problem.path))
        problems.set(problem.path, problem);
    }
  }
  return { problems: [...problems.values()] };
}

/** Replaces a failed union by the alternative that was probably meant: the one whose problems lie further inside. */
function flatten(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const meant =
    issue.errors.find((branch) =>
      branch.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
    ) ??
    issue.errors[0] ??
    [];
  return meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function problemsOf(
  issue: z.core.$ZodIssue,
  { file, places, keyPlaces }: PolicyDocument,
): readonly PolicyProblem[] {
  const path = issue.path.reduce<string>(joinPath, "");
  const where = nearestPlace(places, path) ?? { file, line: 1, column: 1 };
  if (issue.code !== "unrecognized_keys") return [{ where, path, message: issue.message }];
  const messages = issue.message.split("\n");
  return issue.keys.map((key, index) => {
    const keyPath = joinPath(path, key);
    return {
      where: keyPlaces.get(keyPath) ?? where,
      path: keyPath,
      message: messages[index] ?? issue.message,
    };
  });
}

/** The message of an issue for which the schema has none. Several unknown keys have a line each. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey(key, knownKeys(issue.inst))).join("\n");
  if (issue.input === undefined) return missing(issue.path?.at(-1), issue.inst);
  switch (issue.code) {
    case "invalid_type":
      return `Must be ${TYPE_NAMES[issue.expected] ?? issue.expected}, got ${showValue(issue.input)}`;
    case "invalid_value":
      return wrongValue(issue.input, issue.values.map(String));
    case "too_small":
      return issue.origin === "string"
        ? "Must not be empty"
        : `Must be at least ${issue.minimum}, got ${showValue(issue.input)}`;
    case "too_big":
      return issue.origin === "array" || issue.origin === "string"
        ? `Must not have more than ${issue.maximum} ${issue.origin === "array" ? "entries" : "characters"}`
        : `Must be at most ${issue.maximum}, got ${showValue(issue.input)}`;
    default:
      return undefined;
  }
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = suggest(key, known);
  const hint = near === undefined ? `known here: ${known.join(", ")}` : `did you mean "${near}"?`;
  return `Unknown key ${showValue(key)}: ${hint}`;
}

function missing(key: PropertyKey | undefined, schema: unknown): string {
  const about = schema instanceof z.ZodType ? schema.description : undefined;
  return `Missing key "${String(key)}"${about === undefined ? "" : `: ${about}`}`;
}

function wrongValue(input: unknown, wanted: readonly string[]): string {
  const near = typeof input === "string" ? suggest(input, wanted) : undefined;
  if (near !== undefined) return `Unknown value ${showValue(input)}: did you mean "${near}"?`;
  return `Must be ${wanted.map((value) => `"${value}"`).join(" or ")}, got ${showValue(input)}`;
}

function knownKeys(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  array: "a list",
  object: "a map",
};
