import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { RULE_NAMES } from "../rule_names.ts";
import { editorSchema } from "./editor_schema.ts";

const KINDS = ["team", "organisation"] as const;

test("editorSchema() is what the repository holds for editors", () => {
  for (const kind of KINDS) {
    const path = resolve(import.meta.dirname, `../${kind}.schema.json`);
    assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), editorSchema(kind), "run npm run generate");
  }
});

test("editorSchema() describes every key, and knows no others", () => {
  for (const kind of KINDS) {
    let maps = 0;
    walk(editorSchema(kind), (map, path) => {
      maps++;
      // A map by name: its keys are names, and its values are walked too.
      if (/^.properties.(mailboxes|groups|roles|holidays|notify.properties.channels)$/.test(path))
        return assert.ok(isMap(map.additionalProperties));
      assert.equal(map.additionalProperties, false, path);
      assert.ok(isMap(map.properties));
      for (const [key, schema] of Object.entries(map.properties))
        assert.ok(isMap(schema) && typeof schema.description === "string", `${path}.${key}`);
    });
    assert.ok(maps > 5);
  }
});

test("editorSchema() offers the rules that may be loosened, and only enforcement of the others", () => {
  const { properties } = editorSchema("team");
  assert.ok(isMap(properties) && isMap(properties.rules) && isMap(properties.rules.properties));
  const offered = Object.entries(properties.rules.properties).map(([rule, schema]) => [
    rule,
    isMap(schema) && "enum" in schema,
  ]);
  assert.deepEqual(
    offered,
    Object.entries(RULE_NAMES).map(([rule, { optional }]) => [rule, optional]),
  );
});

/** Visits every schema of a map. */
function walk(schema: unknown, visit: (map: Record<string, unknown>, path: string) => void, path = ""): void {
  if (Array.isArray(schema)) for (const item of schema) walk(item, visit, path);
  if (!isMap(schema)) return;
  if (schema.type === "object") visit(schema, path);
  for (const [key, inner] of Object.entries(schema)) walk(inner, visit, `${path}.${key}`);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
