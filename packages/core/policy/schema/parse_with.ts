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

/** Another kind of file, whose keys people look for in this one. */
export interface OtherFile {
  readonly schema: z.ZodType;
  /** `_organisation.yaml, for every team` */
  readonly name: string;
}

/** Parses a document with a schema. Says everything that is wrong, one problem a value, in the policy's own words. */
export function parseWith<T>(
  schema: z.ZodType<T>,
  document: PolicyDocument,
  other?: OtherFile,
): ParsedWith<T> {
  const result = schema.safeParse(document.value, {
    error: (issue) => describe(issue, { root: schema, other }),
  });
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
function describe(issue: z.core.$ZodRawIssue, elsewhere: Elsewhere): string | undefined {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey(key, issue, elsewhere)).join("\n");
  if (issue.code === "invalid_key") return issue.issues[0]?.message;
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

/** Where a key may stand that is unknown where it stands. */
interface Elsewhere {
  readonly root: z.ZodType;
  readonly other: OtherFile | undefined;
}

function unknownKey(
  key: string,
  { input, inst, path = [] }: Pick<z.core.$ZodRawIssue, "input" | "inst" | "path">,
  { root, other }: Elsewhere,
): string {
  const known = knownKeys(inst);
  return `Unknown key ${showValue(key)}: ${hint()}`;

  function hint(): string {
    const [outer] = path;
    const parent =
      isMap(input) && known.find((one) => input[one] === null && keysBelow(inst, one).includes(key));
    if (parent) return `it is a key of "${parent}", below which it has to be indented`;
    if (outer === undefined && other !== undefined && knownKeys(other.schema).includes(key))
      return `it stands in ${other.name}`;
    const near = suggest(key, known);
    if (near !== undefined) return `did you mean "${near}"?`;
    // In { }, a comma ends a text, and what follows it is a key without a value.
    if (/\s/.test(key) && isMap(input) && input[key] === null)
      return "if it is a part of the text before it, which has a comma, put all of that text in quotes";
    if (path.length === 1 && typeof outer === "string" && knownKeys(root).includes(key))
      return `it is a key of the whole file, and begins in the column of "${outer}"`;
    return `known here: ${known.join(", ")}`;
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
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

/** Keys of the map that a key of a map has as its value. */
function keysBelow(schema: unknown, key: string): readonly string[] {
  let below: unknown = schema instanceof z.ZodObject ? schema.shape[key] : undefined;
  while (
    below instanceof z.ZodOptional ||
    below instanceof z.ZodExactOptional ||
    below instanceof z.ZodDefault
  )
    below = below.unwrap();
  return knownKeys(below);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  array: "a list",
  object: "a map",
  boolean: "true or false",
};
