import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import type { Command } from "commander";
import { auditCommand } from "../commands/audit.ts";

const guide = readFileSync(resolve(import.meta.dirname, "auditing.md"), "utf8");
const commands = new Map(
  (await auditCommand([])).commands.map((command): [string, Command] => [command.name(), command]),
);

test("every command in the guide is one, with options that it has", () => {
  const lines = [...guide.replaceAll("\\\n", " ").matchAll(/countersign audit (\w+)([^\n`]*)/g)];
  assert.ok(lines.length >= 10);
  for (const [line, name = "", rest = ""] of lines) {
    const command = commands.get(name) ?? assert.fail(line);
    const known = command.options.map(({ long }) => long);
    for (const [flag] of rest.matchAll(/--[\w-]+/g)) assert.ok(known.includes(flag), line);
  }
});

test("the guide says every format, and every option that decides what leaves", () => {
  const exporting = commands.get("export") ?? assert.fail();
  const [format] = exporting.options.filter(({ long }) => long === "--format");
  for (const choice of format?.argChoices ?? assert.fail())
    assert.match(guide, new RegExp(`^\\| \`${choice}\``, "m"));
  for (const { long } of exporting.options)
    if (!/^--(?:json|by)$/.test(long ?? "")) assert.ok(guide.includes(long ?? ""), long);
});
