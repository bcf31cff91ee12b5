import { Command, CommanderError } from "commander";
import { auditCommand } from "./commands/audit.ts";
import { checkCommand } from "./commands/check.ts";
import { decideCommand } from "./commands/decide.ts";
import { demoCommand } from "./commands/demo.ts";
import { explainCommand } from "./commands/explain.ts";
import { serveCommand } from "./commands/serve.ts";
import { testCommand } from "./commands/test.ts";

/** Exit code of a command line that cannot be understood (BSD sysexits `EX_USAGE`). */
const USAGE = 64;

/** Errors that end a command before it began, and those that ended it half-way. */
const FAILED = 1;

const program = new Command("countersign")
  .description("Policy enforcement and an audit trail between Dust assistants and the MultiMail email API")
  .version("0.1.0")
  .showSuggestionAfterError()
  .exitOverride();
for (const command of [
  checkCommand(),
  explainCommand(),
  decideCommand(),
  testCommand(),
  auditCommand(),
  serveCommand(),
  demoCommand(),
]) {
  program.addCommand(command);
}
inheritSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = FAILED;
  }
}

/** Commands made apart from the program do not take over how it treats errors. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
}
