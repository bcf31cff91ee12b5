import assert from "node:assert/strict";
import type { Command } from "commander";
import { COMMAND_TABLE } from "../command_table.ts";

/** Asserts that what follows `countersign` on a line of a page is a command, with options that it has. */
export async function checkCommandLine(line: string, page: string): Promise<void> {
  const words = line.replaceAll(/[[\]]/g, "").split(/\s+/);
  const [name = ""] = words;
  const entry = COMMAND_TABLE.find((one) => one.name === name);
  let command: Command =
    (await entry?.load(words)) ?? assert.fail(`${page}: no command "${name}" in "${line}"`);
  const known = ["--help", "--quiet", "--no-progress", ...command.options.map(({ long }) => long)];
  for (const word of words.slice(1)) {
    const own = command.commands.find((one) => one.name() === word);
    if (own === undefined) break;
    command = own;
    known.push(...command.options.map(({ long }) => long));
  }
  for (const [flag] of line.matchAll(/(?<= )--[a-z][\w-]*/g))
    assert.ok(known.includes(flag), `${page}: "${name}" has no ${flag}: "countersign ${line}"`);
}
