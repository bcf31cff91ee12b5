import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { auditCommand } from "../commands/audit.ts";

const guide = readFileSync(resolve(import.meta.dirname, "auditing.md"), "utf8");
test("the guide says every format, and every option that decides what leaves", async () => {
  const { commands } = await auditCommand(["export"]);
  const exporting = commands.find((command) => command.name() === "export") ?? assert.fail();
  const [format] = exporting.options.filter(({ long }) => long === "--format");
  for (const choice of format?.argChoices ?? assert.fail())
    assert.match(guide, new RegExp(`^\\| \`${choice}\``, "m"));
  for (const { long } of exporting.options)
    if (!/^--(?:json|by)$/.test(long ?? "")) assert.ok(guide.includes(long ?? ""), long);
});
