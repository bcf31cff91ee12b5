import { type MailboxStop, readMailboxStops, recordMailboxCleared } from "@countersign/trail/report";
import { Command } from "commander";
import { withWritableTrail } from "../audit/with_trail.ts";
import { parseReason } from "../terminal/parse_reason.ts";
import { personName } from "../terminal/person_name.ts";
import { printable } from "../terminal/printable.ts";

interface ClearFlags {
  readonly reason: string;
  readonly by: string;
  readonly json?: boolean;
}

/** `countersign mailbox …`: mailboxes that an alarm stopped. */
export function mailboxCommand(): Command {
  return new Command("mailbox").description("Ends alarms about mailboxes.").addCommand(clearCommand());
}

function clearCommand(): Command {
  return new Command("clear")
    .description("Ends the alarms about a mailbox, and lets it send again. Who and why are recorded.")
    .argument("<id>", "MultiMail's id of the mailbox")
    .requiredOption("--reason <text>", "what was found, and why it may send again", parseReason)
    .option("--by <name>", "who clears it; without it, who is signed in", parseReason, personName())
    .option("--json", 'print {"mailbox": …, "team": …, "receipt": …, "cleared": true}')
    .addHelpText("after", EXAMPLES)
    .action(async (mailbox: string, { reason, by, json }: ClearFlags) => {
      const stop = await withWritableTrail(async (trail) => {
        const stops = await readMailboxStops(trail);
        const stop = stops.find((one) => one.mailbox === mailbox);
        if (stop === undefined) throw notStopped(mailbox, stops);
        await recordMailboxCleared(trail, stop, { reason, by, now: Date.now() });
        return stop;
      });
      const { team } = stop.record;
      const receipt = stop.data.because;
      if (json) console.log(JSON.stringify({ mailbox, team, receipt, cleared: true }));
      else if (stop.data.result === "stopped")
        console.log(printable(`Mailbox ${mailbox} of team ${team} may send again, in a few seconds`));
      else
        console.log(printable(`The alarm about mailbox ${mailbox} of team ${team} ends, in a few seconds`));
    });
}

const EXAMPLES = `
Look first at the email that raised the alarm, here and at MultiMail. A running gateway notices within seconds.

Examples:
  $ countersign audit list --kind drift
  $ countersign audit show rcp_01M83C2A7AZGB1MW4VNPCH9VWZ
  $ countersign mailbox clear 01KJ1NHN8J5Q0V4Y8Z3T6R2W9C --reason "auto_bcc removed, ticket OPS-31"`;

function notStopped(mailbox: string, stops: readonly MailboxStop[]): Error {
  const others =
    stops.length === 0 ? "none has" : `these have one: ${stops.map((stop) => stop.mailbox).join(", ")}`;
  return new Error(printable(`Cannot clear mailbox "${mailbox}": it has no alarm, ${others}`));
}
