import { suggest } from "@countersign/core/suggest";
import type { Command, HelpContext } from "commander";
import { printable } from "./printable.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Makes the usage errors of a command and of its subcommands one line that ends in the nearest right command, thrown as
 * `UsageError`. Commander's own take several lines, or show all the help.
 */
export function strictUsage(command: Command): void {
  const help = command.help.bind(command);
  command.error = (message): never => {
    throw new UsageError(usageLine(command, message));
  };
  command.help = (context?: HelpContext | ((text: string) => string)): never => {
    if (typeof context === "object" && context.error) command.error("no command given");
    return help();
  };
  refuseRepeated(command);
  for (const child of command.commands) strictUsage(child);
}

/** Of two values of an option, Commander takes the last in silence. Options that collect have a parser of two arguments. */
function refuseRepeated(command: Command): void {
  const given = new Set<string>();
  for (const option of command.options) {
    const { flags, parseArg, argChoices, variadic } = option;
    const collects = variadic || (argChoices === undefined && parseArg?.length === 2);
    if (!flags.includes("<") || collects) continue;
    command.on(`option:${option.name()}`, () => {
      if (given.has(flags)) command.error(`error: ${flags} is given twice`);
      given.add(flags);
    });
  }
}

/** `message` is Commander's, `error: unknown command 'chek'\n(Did you mean check?)`, or a command's own sentence. */
function usageLine(command: Command, message: string): string {
  const [what = "", suggestion = ""] = message.replace(/^error: /, "").split("\n");
  const meant = /^\(Did you mean (one of )?(.+)\?\)$/.exec(suggestion);
  const sentence = plain(what).replaceAll("'", '"').replace(/\.$/, "");
  const flags = /^option '(.*)' argument/.exec(what)?.[1];
  const hint =
    meant === null
      ? `write "${flags === undefined ? synopsis(command) : `${path(command)} ${flags}`}"`
      : `did you mean ${meant[1] === undefined ? `"${path(command)} ${meant[2]}"` : `one of ${meant[2]}`}?`;
  return printable(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}: ${hint}`);
}

/** What is wrong with a value, without Commander's words for it. */
function plain(what: string): string {
  const operand = /^command-argument value '(.*)' is invalid for argument '(.*)'\. (.+)$/.exec(what);
  const option = /^option '(.*)' argument '(.*)' is invalid\. (.+)$/.exec(what);
  const [value, name, reason] = operand?.slice(1) ?? [option?.[2], option?.[1], option?.[3]];
  if (reason === undefined) return what;
  const choices = /^Allowed choices are (.+?)\.?$/.exec(reason)?.[1]?.split(", ") ?? [];
  const near = suggest(value ?? "", choices);
  const meant = near === undefined ? "" : `; did you mean '${near}'?`;
  const why = `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
  return `cannot take '${value}' for ${name}, ${meant === "" ? why : why.replace(/\.$/, "")}${meant}`;
}

function path(command: Command): string {
  return command.parent === null ? command.name() : `${path(command.parent)} ${command.name()}`;
}

/** What must be given: `countersign decide --as <team/assistant> <request.json>`. */
function synopsis(command: Command): string {
  const options = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
  const operands = command.registeredArguments.map((operand) =>
    operand.required ? `<${operand.name()}>` : `[${operand.name()}]`,
  );
  const choice = command.commands.map((child) => child.name()).join("|");
  return [path(command), ...options, ...operands, choice].filter((part) => part !== "").join(" ");
}
