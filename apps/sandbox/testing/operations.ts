import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type * as z from "zod";

/** One operation of `openapi.yaml`, with everything that it refers to in its place. */
export interface Operation {
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

/** What one content type holds. */
export interface Media {
  readonly schema?: z.core.JSONSchema.BaseSchema;
}

const document = parse(readFileSync(new URL("../openapi.yaml", import.meta.url), "utf8"));

/** What `openapi.yaml` describes, by method and path: `GET /v1/mailboxes/{mailboxId}`. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries(inline(document.paths) as Record<string, Record<string, Operation>>).flatMap(
    ([path, { parameters: _, ...methods }]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
  ),
);

/** Replaces every `$ref` by what it refers to. */
function inline(node: unknown): unknown {
  if (Array.isArray(node)) return node.map((item) => inline(item));
  if (typeof node !== "object" || node === null) return node;
  if ("$ref" in node && typeof node.$ref === "string") {
    return inline(
      node.$ref
        .slice(2)
        .split("/")
        .reduce((value, name) => value[name], document),
    );
  }
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, inline(value)]));
}
