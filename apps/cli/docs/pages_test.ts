/** Of all pages of the repository: the commands that they show are commands, with the options that they have. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { Command } from "commander";
import { COMMAND_TABLE } from "../command_table.ts";
import { checkCommandLine } from "../testing/check_command_line.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** What stands where a command would: a mistake that a page shows, and a text that is signed. */
const NO_COMMANDS = new Set(["chek", "signing"]);

const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && !file.endsWith("CHANGELOG.md"));

/** Command lines of `countersign` in a page's code: between backquotes, indented, or fenced. */
function commandLines(markdown: string): readonly string[] {
  const code = [
    ...markdown.replaceAll(/^```.*\n(?:.*\n)*?```$/gm, "").matchAll(/`([^`\n]+)`/g),
    ...markdown.replaceAll("\\\n", " ").matchAll(/^ {4,}(.*)$/gm),
    ...[...markdown.matchAll(/^```(?:sh|yaml)?\n((?:.*\n)*?)```$/gm)].flatMap(([, block = ""]) => [
      ...block.replaceAll("\\\n", " ").matchAll(/^(.*)$/gm),
    ]),
  ].map(([, text = ""]) => text);
  return code.flatMap((text) =>
    [...text.matchAll(/(?<![\w/@-])countersign ((?:[a-z]+)(?=[ )"]|$)[^|>&;)"#`]*)/g)].map(
      ([, line = ""]) => line,
    ),
  );
}

test("the table of exit codes has what the commands' help says, and every command that ends with more than 0 and 1", async () => {
  const page = readFileSync(join(ROOT, "apps/cli/docs/command_line.md"), "utf8");
  const rows = new Map(
    [...(page.split("## Exit codes")[1] ?? "").matchAll(/^\| (`.+?`) \| (.*)$/gm)].flatMap(
      ([, names = "", row = ""]) =>
        [...names.matchAll(/`([a-z -]+)`/g)].map(([, name = ""]): [string, string] => [name, row]),
    ),
  );
  let count = 0;
  for (const { name, load } of COMMAND_TABLE)
    for (const command of withChildren(await load([name]))) {
      const path = command.name() === name ? name : `${name} ${command.name()}`;
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      for (const [, code = ""] of (/Exits [^.]*/.exec(help)?.[0] ?? "").matchAll(/\b([2-9])\b/g)) {
        assert.match(rows.get(path) ?? "", new RegExp(`\\b${code}: `), `${path} exits ${code}`);
        count++;
      }
    }
  assert.ok(count >= 4, `${count} codes`);
  for (const path of rows.keys()) {
    const [name = "", child] = path.split(" ");
    const entry = COMMAND_TABLE.find((one) => one.name === name) ?? assert.fail(path);
    const command = await entry.load([name]);
    assert.ok(
      child === undefined || child.startsWith("--") || command.commands.some((one) => one.name() === child),
      path,
    );
  }
});

function withChildren(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withChildren)];
}

test("every command in every page is one, with options that it has", async () => {
  let count = 0;
  for (const page of pages)
    for (const line of commandLines(readFileSync(join(ROOT, page), "utf8"))) {
      if (NO_COMMANDS.has(/^\w*/.exec(line)?.[0] ?? "")) continue;
      await checkCommandLine(line, page);
      count++;
    }
  assert.ok(count > 100, `${count} commands`);
});
