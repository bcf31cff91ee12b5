import { Command, InvalidArgumentError } from "commander";
import { askConsole } from "../shell/ask_console.ts";
import { decide } from "../shell/decide.ts";
import { formatEmail, type ShownEmail, shownEmailSchema } from "../shell/shown_email.ts";
import { parseReason } from "../terminal/parse_reason.ts";
import { printable } from "../terminal/printable.ts";
import { TerminalOperator } from "../terminal/terminal_operator.ts";

interface ApproveFlags {
  readonly reason?: string;
  readonly yes?: string;
  readonly json?: boolean;
}

/** `countersign approve`: shows an email that waits, asks, and approves exactly what it showed. */
export function approveCommand(): Command {
  return new Command("approve")
    .description("Shows an email that waits, asks, and approves it as it was shown.")
    .argument("<receipt>", "of the email")
    .option("--reason <text>", "why, where the policy wants a reason", parseReason)
    .option(
      "--yes <shown>",
      "do not ask: the value of shown in countersign pending <receipt> --json",
      parseShown,
    )
    .option("--json", 'print {"receipt": …, "result": …, "message": …}; with --yes only')
    .addHelpText("after", EXAMPLES)
    .action(async (receipt: string, { reason, yes, json }: ApproveFlags, command: Command) => {
      if (json && yes === undefined) command.error("error: --json needs --yes <shown>");
      const shown = yes ?? (await askAbout(receipt));
      if (shown === undefined) {
        process.exitCode = 1;
        return;
      }
      await decide({ receipt, verdict: "approve", shown, ...(reason !== undefined && { reason }) }, { json });
    });
}

const EXAMPLES = `
What is approved is what was shown: if the email, the policy or what was found in it is another by then, it is refused, and has to be
looked at again. Exits 0 when the approval is on record (more people may have to approve), 1 when nothing was decided.

Examples:
  $ countersign approve rcp_01M83C2A7AZGB1MW4VNPCH9VWZ
  $ countersign approve rcp_01M83C2A7AZGB1MW4VNPCH9VWZ --yes "$(jq -r .shown seen.json)"`;

function parseShown(text: string): string {
  if (/^[\da-f]{64}\.[\da-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError("It must be the value of shown in countersign pending <receipt> --json");
}

/** What was shown, if the person at the terminal wants it approved. */
async function askAbout(receipt: string): Promise<string | undefined> {
  const email = await askConsole({
    path: `pending/${encodeURIComponent(receipt)}`,
    schema: shownEmailSchema,
  });
  console.log(formatEmail(email, { width: process.stdout.columns }));
  const hindrance = hindranceOf(email);
  if (hindrance !== undefined) throw new Error(printable(`Cannot approve it: ${hindrance}`));
  if (!process.stdin.isTTY)
    throw new Error("Cannot ask whether to approve it: this is no terminal; give --yes <shown>");
  const operator = new TerminalOperator({
    input: process.stdin,
    output: process.stderr,
    yes: false,
    codes: [],
  });
  try {
    if (await operator.confirm(`Approve it as ${printable(email.you.address)}?`)) return email.shown;
    console.error("Nothing was decided");
    return undefined;
  } finally {
    operator.close();
  }
}

function hindranceOf({
  you,
  allowed,
  differs_at_multimail: differs,
  decided,
}: ShownEmail): string | undefined {
  if (differs.length > 0) return "at MultiMail it is not what the assistant asked for";
  if (!allowed) return "the policy does not allow it any more";
  if (decided !== null) return "it is decided already";
  return you.may_approve ? undefined : (you.why_not ?? "you have approved it; it waits for others");
}
