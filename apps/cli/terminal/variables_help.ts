import type { Settings } from "@countersign/host";
import { describeSettings } from "@countersign/host/env";
import { folded } from "./format_table.ts";

/** Columns of a terminal that is not asked how wide it is. */
const WIDTH = 100;

/** The settings that a command reads, all if none are named, for its help: each with what it means and what holds without it. */
export function variablesHelp(reads?: readonly (keyof Settings)[]): string {
  const settings = describeSettings(reads);
  if (settings.length === 0) return "";
  const width = Math.max(...settings.map(({ variable }) => variable.length));
  const lines = settings.map(({ variable, meaning, fallback, unset }) => {
    const otherwise = fallback ?? unset;
    const text = `${plain(meaning)}${otherwise === undefined ? "" : ` (${plain(otherwise)})`}`;
    return `  ${variable.padEnd(width)}  ${folded(text, WIDTH - width - 4).join(`\n${" ".repeat(width + 4)}`)}`;
  });
  return `\nVariables:\n${lines.join("\n")}`;
}

function plain(markdown: string): string {
  return markdown.replaceAll("`", "");
}
