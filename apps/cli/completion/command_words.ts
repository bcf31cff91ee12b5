import type { Command, Option } from "commander";
import type { CommandEntry } from "../command_entry.ts";

/** What may stand for a value: one of these words, or a name that a shell can find in the policies' folder, or a file. */
export type Values = readonly string[] | "team" | "assistant" | "file";

/** A word with what it is about. */
export interface Word {
  readonly word: string;
  readonly about: string;
}

/** An option, and what its value may be; undefined: it has none, or nobody can list them. */
export interface OptionWord extends Word {
  readonly values?: Values;
  /** Whether a value follows. */
  readonly takesValue: boolean;
}

/** What may follow a command: `audit list`, or "" for the program itself. */
export interface CommandWords {
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly OptionWord[];
  /** What its arguments may be. */
  readonly operands?: Values;
}

/** Of every command what may follow it, the program itself first; its own options may follow any of them. */
export async function commandWords(
  table: readonly CommandEntry[],
  program: Pick<Command, "options">,
): Promise<readonly CommandWords[]> {
  const everywhere = [
    HELP,
    ...program.options.filter(({ long }) => long !== "--version").flatMap(optionWord),
  ];
  const loaded = await Promise.all(
    table.map(async ({ name, summary, load }) => ({ name, summary, command: await load([name]) })),
  );
  const top: CommandWords = {
    path: "",
    commands: loaded.map(({ name, summary }) => ({ word: name, about: summary })),
    options: everywhere,
  };
  return [top, ...loaded.flatMap(({ name, command }) => wordsOf(name, command, everywhere))];
}

const HELP: OptionWord = { word: "--help", about: "show help", takesValue: false };

function wordsOf(path: string, command: Command, everywhere: readonly OptionWord[]): readonly CommandWords[] {
  const operands = command.registeredArguments.map((one) => valuesOf(one.name(), one.argChoices));
  const found = operands.find((one) => one !== undefined);
  const own: CommandWords = {
    path,
    commands: command.commands.map((child) => ({
      word: child.name(),
      about: child.summary() || child.description(),
    })),
    options: [...command.options.flatMap(optionWord), ...everywhere],
    ...(found !== undefined && { operands: found }),
  };
  return [own, ...command.commands.flatMap((child) => wordsOf(`${path} ${child.name()}`, child, everywhere))];
}

function optionWord({ long, flags, description, argChoices }: Option): readonly OptionWord[] {
  if (!long) return [];
  const [, name = ""] = /[<[]([^>\]]+)[>\]]/.exec(flags) ?? [];
  const values = name === "" ? undefined : valuesOf(name, argChoices);
  return [
    { word: long, about: description, takesValue: name !== "", ...(values !== undefined && { values }) },
  ];
}

/** By the name that help gives a value. */
function valuesOf(name: string, choices: readonly string[] | undefined): Values | undefined {
  if (choices !== undefined) return choices;
  if (name === "team") return "team";
  if (name === "team/assistant") return "assistant";
  return /(?:^|[^a-z])(?:dir|path|file|candidate|out|folder)(?:$|[^a-z])|\.json$/.test(name)
    ? "file"
    : undefined;
}
