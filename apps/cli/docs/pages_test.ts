/** Of all pages of the repository: the commands that they show are commands, with the options that they have. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
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
