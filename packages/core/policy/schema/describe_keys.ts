import { z } from "zod";
import { joinPath } from "../where.ts";
import { KEY_FACTS } from "./_key_facts.ts";
import { FILE_SCHEMAS, type PolicyFileKind } from "./editor_schema.ts";

/** One key of a file, as a reference says it. */
export interface KeyDescription {
  /** `assistants[].id`; `<team>` and the like stand for names that are not ours. */
  readonly path: string;
  /** What it takes: `list: address`. */
  readonly form: string;
  readonly required: boolean;
  /** What holds where it is left out, if that is not said by the keys inside. */
  readonly fallback?: string;
  readonly about: string;
}

/** Every key of a team's or the organisation's file, each map before its keys. */
export function describeKeys(kind: PolicyFileKind): readonly KeyDescription[] {
  const schema = z.toJSONSchema(FILE_SCHEMAS[kind], {
    io: "input",
    override: ({ zodSchema, jsonSchema }) => Object.assign(jsonSchema, KEY_FACTS.get(zodSchema)),
  });
  return keysIn(schema as DescribedSchema, "");
}

/** What is read of a JSON Schema, with {@linkcode KEY_FACTS} in it. */
interface DescribedSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, DescribedSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: DescribedSchema | false;
  readonly propertyNames?: DescribedSchema;
  readonly items?: DescribedSchema;
  readonly anyOf?: readonly DescribedSchema[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly form?: string;
  readonly fallback?: string;
}

/** The keys inside a value, whatever its kind. */
function keysIn(schema: DescribedSchema, path: string): readonly KeyDescription[] {
  const { properties = {}, required = [], additionalProperties, propertyNames, items, anyOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, inner]) => {
      const key = joinPath(path, name);
      const { description: about = "", fallback } = inner;
      const isRequired = required.includes(name);
      const row = { path: key, form: formOf(inner), required: isRequired, about };
      return [{ ...row, ...(fallback !== undefined && { fallback }) }, ...keysIn(inner, key)];
    }),
    ...(additionalProperties ? namedIn(additionalProperties, joinName(path, propertyNames)) : []),
    ...(items === undefined ? [] : keysIn(items, `${path}[]`)),
    ...anyOf.flatMap((one) => keysIn(one, path)),
  ];
}

/** What stands under a name that is not ours. A map's own keys say it all; a list has none. */
function namedIn(schema: DescribedSchema, path: string): readonly KeyDescription[] {
  const inner = keysIn(schema, path);
  if (inner.length > 0) return inner;
  return [{ path, form: formOf(schema), required: false, about: schema.description ?? "" }];
}

/** `groups` whose names are described as "A group" → `groups.<group>`. */
function joinName(path: string, names: DescribedSchema | undefined): string {
  return `${path}.<${names?.description?.replace(/^An? /, "").toLowerCase() ?? "name"}>`;
}

/** What a value is, for people. */
function formOf({ form, type, minimum, maximum, maxItems, items, anyOf, ...rest }: DescribedSchema): string {
  const values = rest.const === undefined ? rest.enum : [rest.const];
  if (form !== undefined) return form;
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(", ");
  if (anyOf !== undefined) return anyOf.map(formOf).join(", or ");
  if (items !== undefined)
    return `list${maxItems === undefined ? "" : ` of ${maxItems} at most`}: ${formOf(items)}`;
  if (type === "integer") return `whole number from ${minimum} to ${maximum}`;
  if (type === "number") return `number from ${minimum} to ${maximum}`;
  return type === "object" ? "map" : "text";
}
