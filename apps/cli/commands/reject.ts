import { Command } from "commander";
import { decide } from "../shell/decide.ts";
import { parseReason } from "../terminal/parse_reason.ts";

interface RejectFlags {
  readonly reason: string;
  readonly changes?: boolean;
  readonly json?: boolean;
}

/** `countersign reject`: ends the waiting of an email, which then does not leave. */
export function rejectCommand(): Command {
  return new Command("reject")
    .description("Rejects an email that waits, or asks for changes: it will not leave.")
    .argument("<receipt>", "of the email")
    .requiredOption("--reason <text>", "why: the assistant is told", parseReason)
    .option("--changes", "ask the assistant to write it anew")
    .option("--json", 'print {"receipt": …, "result": …, "message": …}')
    .addHelpText("after", EXAMPLES)
    .action((receipt: string, { reason, changes, json }: RejectFlags) =>
      decide({ receipt, verdict: changes ? "changes" : "reject", reason }, { json }),
    );
}

const EXAMPLES = `
Exits 0 when the rejection is on record, 1 when nothing was decided.

Examples:
  $ countersign reject rcp_01M83C2A7AZGB1MW4VNPCH9VWZ --reason "The amount is wrong"
  $ countersign reject rcp_01M83C2A7AZGB1MW4VNPCH9VWZ --changes --reason "Name the invoice"`;
