import { Command } from "commander";

/** A command's own commands, by name, each loaded when it is wanted. */
export type Subcommands = Readonly<Record<string, () => Promise<Command>>>;

/**
 * Adds to a command those of its own that the command line names; of the others it then knows the names. When it names
 * none, somebody asks for help, or is mistaken: then all are there.
 */
export async function addNamed(
  command: Command,
  subcommands: Subcommands,
  args: readonly string[],
): Promise<Command> {
  const names = Object.keys(subcommands);
  const wanted = names.some((name) => args.includes(name)) ? args : names;
  for (const [name, load] of Object.entries(subcommands))
    command.addCommand(wanted.includes(name) ? await load() : new Command(name));
  return command;
}
