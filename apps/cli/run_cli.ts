import { VERSION } from "@countersign/host/version";
import { Command, CommanderError, Help } from "commander";
import { COMMAND_TABLE } from "./command_table.ts";
import { findTeams } from "./terminal/find_teams.ts";
import { strictUsage } from "./terminal/strict_usage.ts";
import { setTalk } from "./terminal/talk.ts";
import { UsageError } from "./terminal/usage_error.ts";

/** Exit code of a command line that cannot be understood (BSD sysexits `EX_USAGE`). */
const USAGE = 64;

/** Errors that ended a command before it could tell what it was asked. */
const FAILED = 1;

/**
 * Runs one command line (`["check", "--json"]`) and sets `process.exitCode`. Whatever goes wrong is one message on
 * stderr; with `--json` it is on stdout too, as `{"error": "…"}`, so that stdout always holds one JSON value.
 */
export async function runCli(args: readonly string[]): Promise<void> {
  try {
    refuseBrokenText(args);
    const program = await createProgram(args);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    // Help and the version were asked for, and have been shown.
    if (error instanceof CommanderError && error.exitCode === 0) return;
    process.exitCode = error instanceof UsageError ? USAGE : FAILED;
    const message = error instanceof Error ? error.message : String(error);
    console.error(message);
    if (args.includes("--json")) console.log(JSON.stringify({ error: message }));
  }
}

/** What was no UTF-8 on the command line is not put on record as something else. */
function refuseBrokenText(args: readonly string[]): void {
  // Node reads what it cannot as U+FFFD.
  const at = args.findIndex((text) => /\p{Surrogate}|\ufffd/u.test(text));
  if (at < 0) return;
  const [own = "", before = ""] = [args[at], args[at - 1]];
  const option = [own.split("=", 1)[0] ?? "", before].find((text) => /^--[\w-]+$/.test(text));
  throw new UsageError(
    `Cannot take ${option ?? `argument ${at + 1}`}: it holds half a character, or no UTF-8`,
  );
}

/** The program with the commands that the arguments name; of the others it knows the names. */
async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("countersign")
    .description("Policy enforcement and an audit trail between Dust assistants and the MultiMail email API")
    .version(VERSION, "-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .option("-q, --quiet", "say nothing besides results, and what went wrong")
    .option("--no-progress", "do not show on a terminal how far long work is")
    .helpCommand("help [command]", "show a command's help")
    .configureHelp({
      subcommandTerm: (command) => command.name(),
      showGlobalOptions: true,
      visibleGlobalOptions: (command) =>
        Object.assign(new Help(), { showGlobalOptions: true })
          .visibleGlobalOptions(command)
          .filter(({ long }) => long !== "--version"),
    })
    .hook("preAction", (program, command) => {
      const { quiet = false, progress } = program.opts<{ quiet?: boolean; progress: boolean }>();
      setTalk({ quiet, progress });
      if (!SERVING.has(command.name())) usePoliciesAbove();
    })
    .addHelpText("after", EPILOGUE)
    .exitOverride();
  const isHelp = args.some((word) => HELP.has(word)) && COMMAND_TABLE.some(({ name }) => args.includes(name));
  const variables = isHelp ? (await import("./terminal/variables_help.ts")).variablesHelp : () => "";
  for (const { name, summary, group, load, reads } of COMMAND_TABLE) {
    const command = args.includes(name) ? await load(args) : new Command(name);
    command.addHelpText("afterAll", () => variables(reads));
    program.addCommand(command.summary(summary).helpGroup(group));
  }
  inheritSettings(program);
  strictUsage(program);
  return program;
}

const HELP: ReadonlySet<string> = new Set(["help", "-h", "--help"]);

/** What serves takes the folder in which it is started for what it is. */
const SERVING: ReadonlySet<string> = new Set(["serve", "console"]);

/** Sets the variables that are unset as they are for somebody at the top of the repository. */
function usePoliciesAbove(): void {
  const { TEAMS_DIR, DATA_DIR } = process.env;
  if (TEAMS_DIR || DATA_DIR) return;
  Object.assign(process.env, findTeams(process.cwd()));
}

/** Commands made apart from the program do not take over how it shows help and ends. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command).helpOption("-h, --help", "show help");
    inheritSettings(child);
  }
}

const EPILOGUE = `
Policies are read from TEAMS_DIR (default: ./teams), the trail from DATA_DIR (default: ./data); below the top of a git
checkout, from there. With --json, a command prints one JSON value. Exit codes: 0 well, 1 not well, 64 not understood; of
audit, decide, diff, plan and replay see their help. NO_COLOR and FORCE_COLOR are heeded.

Examples:
  $ countersign check
  $ countersign decide --as finance/invoice-chaser request.json
  $ countersign keys new finance/invoice-chaser
  $ countersign audit list --team finance --since 2026-11-01`;
