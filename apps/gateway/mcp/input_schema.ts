import { z } from "zod";

/** One argument, or a part of one, as JSON Schema of draft 7: always an object, and never a reference. */
export interface Property {
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/** A tool's arguments as JSON Schema of draft 7, whole in itself: what every client can compile, Dust's included. */
export interface InputSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, Property>>;
  readonly required: string[];
  readonly additionalProperties: false;
  readonly [keyword: string]: unknown;
}

/** What clients are told of an argument, in this order. Patterns and formats are told in words: some clients know neither. */
const KEYWORDS = [
  "type",
  "description",
  "items",
  "maxItems",
  "minItems",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "properties",
  "required",
  "additionalProperties",
] as const;

/** Bounds of what is inside an argument are left to the parser, whose refusal names the place. */
const INNER_KEYWORDS: readonly string[] = KEYWORDS.filter((keyword) => !/^(?:min|max)/.test(keyword));

/** What a tool's clients are told of its arguments, from the schema that parses them. */
export function inputSchema(schema: z.ZodObject): InputSchema {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { target: "draft-7", io: "input" });
  return {
    type: "object",
    properties: each(properties, (property) => told(property, KEYWORDS)),
    required,
    additionalProperties: false,
  };
}

function told(schema: unknown, keywords: readonly string[]): Property {
  const { items, properties, additionalProperties, ...rest } = schema as z.core.JSONSchema.JSONSchema;
  const inner = (part: unknown) => told(part, INNER_KEYWORDS);
  const whole: Record<string, unknown> = {
    ...rest,
    items: items && inner(items),
    properties: properties && each(properties, inner),
    additionalProperties:
      typeof additionalProperties === "object" ? inner(additionalProperties) : additionalProperties,
  };
  const entries = keywords
    .map((keyword) => [keyword, whole[keyword]] as const)
    .filter(([, value]) => value !== undefined);
  // A list's bounds would be overlooked behind what each of its objects is.
  return Object.fromEntries(entries.sort(([, a], [, b]) => Number(isLong(a)) - Number(isLong(b))));
}

function isLong(value: unknown): boolean {
  return typeof value === "object" && value !== null && "properties" in value;
}

function each<T>(
  parts: Readonly<Record<string, unknown>>,
  convert: (part: unknown) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, convert(part)]));
}
