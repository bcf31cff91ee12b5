/** Writes the files that are made from code: see `USAGE`. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { editorSchema } from "@countersign/core/policy";
import { takeArguments } from "@countersign/host/arguments";
import { POLICY_REFERENCE, policyReference } from "./policy_reference.ts";
import { REST_REFERENCE, restReference } from "./rest_reference.ts";
import { VARIABLES_PAGE, variablesPage } from "./variables_page.ts";

const ROOT = resolve(import.meta.dirname, "..");

/** What is generated: path from the root → its text. */
const GENERATED: Readonly<Record<string, () => string>> = {
  "packages/core/policy/team.schema.json": () => toJson(editorSchema("team")),
  "packages/core/policy/organisation.schema.json": () => toJson(editorSchema("organisation")),
  [POLICY_REFERENCE]: policyReference,
  [REST_REFERENCE]: restReference,
  [VARIABLES_PAGE]: variablesPage,
};

const USAGE = `Usage: npm run generate -- [--check]

Writes the files that are made from code, and says which.

  --check  writes nothing, and exits 1 when one is not what the code would make`;

const { check } = takeArguments({
  usage: USAGE,
  options: { check: { type: "boolean", default: false } },
  read: ({ values }) => values,
});
const stale = Object.entries(GENERATED)
  .map(([path, generate]) => ({ path, text: generate() }))
  .filter(({ path, text }) => textOf(path) !== text);

for (const { path, text } of stale) {
  if (check) console.error(`Stale file ${path}: run npm run generate and commit it`);
  else {
    writeFileSync(resolve(ROOT, path), text);
    console.log(`Wrote ${path}`);
  }
}
if (stale.length === 0) console.log("Generated files are fresh");
process.exitCode = check && stale.length > 0 ? 1 : 0;

function textOf(path: string): string | undefined {
  try {
    // A checkout on Windows may have other line ends.
    return readFileSync(resolve(ROOT, path), "utf8").replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
