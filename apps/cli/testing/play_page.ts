import assert from "node:assert/strict";
import { spawn } from "node:child_process";

/** A command of a page, with what the page says that it prints. */
export interface PageStep {
  /** Line of the page, from 1. */
  readonly line: number;
  /** As a shell reads it, here-documents included. */
  readonly command: string;
  /** Line by line. `…` stands for any text, and alone in a line for any number of lines. Empty: the page does not say. */
  readonly prints: readonly string[];
}

/** Where the commands of a page are run. */
export interface PlayOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The commands of a page in Markdown: indented lines that begin with `$ `; those with `> ` go on with them. */
export function pageSteps(markdown: string): readonly PageStep[] {
  const steps: { line: number; command: string; prints: string[] }[] = [];
  let isOpen = false;
  for (const [index, line] of markdown.split("\n").entries()) {
    const [, own] = /^ {4}(.*)$/.exec(line) ?? [];
    const step = steps.at(-1);
    if (own?.startsWith("$ ")) steps.push({ line: index + 1, command: own.slice(2), prints: [] });
    else if (own !== undefined && step !== undefined && isOpen) {
      if (step.prints.length === 0 && (step.command.endsWith("\\") || own.startsWith("> ")))
        step.command += `\n${own.replace(/^> /, "")}`;
      else step.prints.push(own);
    }
    isOpen = own !== undefined && (isOpen || own.startsWith("$ "));
  }
  return steps;
}

/** Runs a page's commands in one shell, in their order, and fails at the first that prints something else than the page says. */
export async function playPage(steps: readonly PageStep[], { cwd, env }: PlayOptions): Promise<void> {
  const mark = "\u001e";
  const shell = spawn("bash", [], { cwd, env, stdio: ["pipe", "pipe", "inherit"] });
  try {
    shell.stdin.write("exec 2>&1\n");
    const printed = untilMarks(shell.stdout.setEncoding("utf8"), mark);
    for (const { line, command, prints } of steps) {
      // A command must not read what the shell reads.
      shell.stdin.write(`{ ${command}\n} </dev/null\necho "${mark}"\n`);
      const { value: own, done } = await printed.next();
      assert.ok(!done, `line ${line}: "${command}" ended the shell`);
      if (prints.length > 0)
        assert.ok(patternOf(prints).test(own), `line ${line}: "${command}" printed:\n${own}`);
    }
  } finally {
    shell.kill();
  }
}

/** What comes between marks, each of which has a line of its own. */
async function* untilMarks(chunks: AsyncIterable<string>, mark: string): AsyncGenerator<string, void> {
  let text = "";
  for await (const chunk of chunks) {
    text += chunk;
    const [rest = "", ...before] = text.split(`${mark}\n`).toReversed();
    yield* before.toReversed();
    text = rest;
  }
}

function patternOf(lines: readonly string[]): RegExp {
  const patterns = lines.map((line) =>
    line.trim() === "…" ? "(?:.*\\n)*?" : `[ ]*${line.split("…").map(wordsOf).join(".*")}[ ]*\\n`,
  );
  return new RegExp(`^${patterns.join("")}$`);
}

/** Words in their order: a page's columns are as wide as its own values. */
function wordsOf(part: string): string {
  return part.trim().split(/\s+/).map(escaped).join("[ ]+");
}

function escaped(part: string): string {
  return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
