import { Command } from "commander";
import { z } from "zod";
import { askConsole } from "../shell/ask_console.ts";
import { formatEmail, shownEmailSchema } from "../shell/shown_email.ts";
import { formatTable } from "../terminal/format_table.ts";
import { printable } from "../terminal/printable.ts";
import { hint } from "../terminal/talk.ts";

const listSchema = z.object({
  address: z.string(),
  teams: z.array(z.string()),
  emails: z.array(
    z.object({
      receipt: z.string(),
      team: z.string(),
      assistant: z.string(),
      subject: z.string().nullable(),
      recipients: z.array(z.object({ address: z.string(), inside: z.boolean() })),
      held_at: z.string(),
      expires_at: z.string().nullable(),
      flags: z.array(z.string()),
      approved: z.number(),
      needed: z.number().nullable(),
      yours: z.boolean(),
      why_not: z.string().nullable(),
    }),
  ),
});

interface PendingFlags {
  readonly team?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `countersign pending`: what waits for whoever is signed in, or one email with all that it is decided on. */
export function pendingCommand(): Command {
  return new Command("pending")
    .description("Shows the email that waits for your decision, or one of them whole.")
    .argument("[receipt]", "show this one")
    .option("--team <team>", "of this team only")
    .option("--all", "also what waits for others")
    .option("--json", 'print {"address": …, "teams": […], "emails": […]}, or the one email')
    .addHelpText("after", EXAMPLES)
    .action(async (receipt: string | undefined, { team, all, json }: PendingFlags, command: Command) => {
      if (receipt !== undefined) {
        if (team !== undefined || all) command.error("error: --team and --all are for the list");
        const path = `pending/${encodeURIComponent(receipt)}`;
        const email = await askConsole({ path, schema: shownEmailSchema });
        console.log(json ? JSON.stringify(email) : formatEmail(email, { width: process.stdout.columns }));
        return;
      }
      const path = team === undefined ? "pending" : `pending?team=${encodeURIComponent(team)}`;
      const list = await askConsole({ path, schema: listSchema });
      const emails = list.emails.filter(({ yours }) => all || yours);
      if (json) console.log(JSON.stringify({ ...list, emails }));
      else if (emails.length > 0) console.log(formatTable([HEAD, ...emails.map(rowOf)]));
      else hint(printable(`Nothing waits for ${list.address}`));
    });
}

const HEAD = ["RECEIPT", "WAITS SINCE", "TEAM/ASSISTANT", "TO", "APPROVED", "WHY", "SUBJECT"];

function rowOf(email: z.infer<typeof listSchema>["emails"][number]): readonly string[] {
  const { receipt, held_at, team, assistant, recipients, approved, needed, flags, subject } = email;
  const [first] = recipients;
  const outside = recipients.filter(({ inside }) => !inside).length;
  const more = recipients.length > 1 ? ` +${recipients.length - 1}` : "";
  return [
    receipt,
    held_at.slice(0, 16).replace("T", " "),
    `${team}/${assistant}`,
    `${(first?.address ?? "").slice(0, 40)}${more}${outside > 0 ? ` (${outside} outside)` : ""}`,
    needed === null ? `${approved}` : `${approved}/${needed}`,
    email.why_not ?? (flags.join(",") || "all is held"),
    (subject ?? "(erased)").slice(0, 60),
  ];
}

const EXAMPLES = `
The console is asked, as whoever signed in at it by countersign console sign-in. Times are UTC.

Examples:
  $ countersign pending
  $ countersign pending --team finance --json
  $ countersign pending rcp_01M83C2A7AZGB1MW4VNPCH9VWZ`;
