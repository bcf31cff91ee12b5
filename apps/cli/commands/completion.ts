import { Argument, Command } from "commander";
import type { CommandEntry } from "../command_entry.ts";
import { bashScript } from "../completion/bash_script.ts";
import { type CommandWords, commandWords } from "../completion/command_words.ts";
import { fishScript } from "../completion/fish_script.ts";
import { zshScript } from "../completion/zsh_script.ts";

const SCRIPTS: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `countersign completion bash|zsh|fish`: prints a script that completes the program's commands in that shell. */
export function completionCommand(table: readonly CommandEntry[]): Command {
  return new Command("completion")
    .description("Prints a script that completes commands, options, teams and assistants in a shell.")
    .addArgument(new Argument("<shell>", "for which shell").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", EXAMPLES)
    .action(async (shell: string, _flags: object, { parent }: Command) => {
      process.stdout.write(SCRIPTS[shell]?.(await commandWords(table, parent ?? new Command())) ?? "");
    });
}

const EXAMPLES = `
Teams and assistants are those of the files in TEAMS_DIR (./teams). In a checkout, where the command is "npx countersign", an alias
of the name "countersign" is completed: alias countersign="npx countersign".

Examples:
  $ source <(countersign completion bash)                                     # bash: in ~/.bashrc
  $ source <(countersign completion zsh)                                      # zsh: in ~/.zshrc, after compinit
  $ countersign completion fish > ~/.config/fish/completions/countersign.fish`;
