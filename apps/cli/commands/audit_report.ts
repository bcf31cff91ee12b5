import { csvCell } from "@countersign/trail/export";
import { EMAIL_MEASURES, type EmailReport, emailReport } from "@countersign/trail/report";
import { Command, InvalidArgumentError, Option } from "commander";
import { refuseUnknown } from "../audit/refuse_unknown.ts";
import { withTrail } from "../audit/with_trail.ts";
import { formatTable } from "../terminal/format_table.ts";
import { localTime, monthSpan } from "../terminal/parse_time.ts";
import { addZoneOption } from "../terminal/time_options.ts";

interface ReportFlags {
  readonly month?: string;
  readonly team?: string;
  readonly tz: string;
  readonly format: "text" | "csv" | "json";
  readonly json?: boolean;
}

/** `countersign audit report`: a month in numbers, by team. */
export function auditReportCommand(): Command {
  const command = new Command("report")
    .description(
      "Tells of a month, by team: email, denials by rule, approvals and how long they were waited for.",
    )
    .option("--month <month>", "like 2026-11, or last (default: this one)", parseMonth)
    .option("--team <team>", "of this team only");
  return addZoneOption(command)
    .addOption(new Option("--format <format>", "how").choices(["text", "csv", "json"]).default("text"))
    .option("--json", "the same as --format json")
    .addHelpText("after", EXAMPLES)
    .action(async ({ team, tz, ...flags }: ReportFlags, own: Command) => {
      if (flags.json && flags.format === "csv")
        own.error("error: --json and --format csv are not given together");
      const month = monthOf(flags.month, tz);
      const span = monthSpan(month, tz);
      const found = await withTrail(async (trail) => {
        const options = { ...span, ...(team !== undefined && { team }) };
        const counted = await emailReport(trail, options);
        if (counted.teams.length === 0 && team !== undefined) await refuseUnknown(trail, { team });
        return counted;
      });
      const report: MonthReport = { month, zone: tz, ...isoOf(span), ...found };
      const format = flags.json ? "json" : flags.format;
      process.stdout.write(`${FORMATS[format](report)}\n`);
    });
}

const EXAMPLES = `
It counts what was asked for in the month, and what became of that until now. "left": MultiMail sent it on; "open": nobody
knows yet whether MultiMail has it. The time that approvals took begins when the email was asked for. A request that several
rules deny counts for each.

CSV has a row a number, with the columns month, team, measure, name, value: for a pivot table.

Examples:
  $ countersign audit report --month 2026-11
  $ countersign audit report --month last --tz Europe/Berlin --team finance
  $ countersign audit report --month 2026-11 --format csv > november.csv
  $ countersign audit report --month 2026-11 --json | jq '.teams[] | {team, denials}'`;

/** As `--json` prints it. */
interface MonthReport extends EmailReport {
  readonly month: string;
  readonly zone: string;
  /** ISO 8601, inclusive and exclusive. */
  readonly since: string;
  readonly until: string;
}

const FORMATS: Readonly<Record<ReportFlags["format"], (report: MonthReport) => string>> = {
  json: (report) => JSON.stringify(report),
  csv: formatCsv,
  text: formatText,
};

function formatText({ month, zone, teams, total }: MonthReport): string {
  const title = `${month} (${zone}): ${countOf(total.emails.asked, "email")} asked for by ${countOf(teams.length, "team")}`;
  if (teams.length === 0) return title;
  const all = teams.length === 1 ? [] : [total];
  const emails = [...teams, ...all].map((one) => [
    one.team,
    ...EMAIL_MEASURES.map((name) => String(one.emails[name])),
  ]);
  const denials = teams.flatMap((one) =>
    Object.entries(one.denials).map(([rule, count]) => [one.team, rule, String(count)]),
  );
  const approvals = [...teams, ...all]
    .filter(({ emails: { held }, approvals: { approved, rejected } }) => held + approved + rejected > 0)
    .map(({ team, approvals: { approved, rejected, waiting, wait_seconds: wait } }) => [
      ...[team, String(approved), String(rejected), String(waiting)],
      ...(wait === null ? ["-", "-", "-"] : [wait.median, wait.mean, wait.longest].map(durationOf)),
    ]);
  return [
    title,
    formatTable([["TEAM", ...EMAIL_MEASURES.map((name) => name.toUpperCase())], ...emails]),
    denials.length === 0
      ? "Nothing was denied"
      : formatTable([["TEAM", "DENIED BY", "REQUESTS"], ...denials]),
    approvals.length === 0
      ? "Nothing waited for a person"
      : formatTable([
          ["TEAM", "APPROVED", "REJECTED", "WAITING", "MEDIAN WAIT", "MEAN", "LONGEST"],
          ...approvals,
        ]),
  ].join("\n\n");
}

function formatCsv({ month, teams }: MonthReport): string {
  const rows = teams.flatMap(({ team, emails, denials, approvals: { wait_seconds: wait, ...decisions } }) => [
    ...EMAIL_MEASURES.map((name) => [team, "email", name, emails[name]] as const),
    ...Object.entries(denials).map(([rule, count]) => [team, "denied_by", rule, count] as const),
    ...Object.entries(decisions).map(([name, count]) => [team, "approval", name, count] as const),
    ...Object.entries(wait ?? {}).map(
      ([name, seconds]) => [team, "approval_wait_seconds", name, seconds] as const,
    ),
  ]);
  const lines = rows.map((row) => [month, ...row].map(csvCell).join());
  return ["month,team,measure,name,value", ...lines].join("\r\n");
}

function monthOf(month: string | undefined, zone: string): string {
  const now = localTime(Date.now(), zone).slice(0, 7);
  if (month !== "last") return month ?? now;
  const lastDay = new Date(Date.parse(`${now}-01T00:00:00Z`) - 1);
  return lastDay.toISOString().slice(0, 7);
}

function parseMonth(text: string): string {
  if (text === "last" || /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError("A month is needed, like 2026-11");
}

function isoOf({ since, until }: ReturnType<typeof monthSpan>) {
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

function countOf(count: number, what: string): string {
  return `${count.toLocaleString("en-US")} ${what}${count === 1 ? "" : "s"}`;
}

/** `2 d 3 h`, `3 h 20 min`, `12 min 5 s`, `7 s`. */
function durationOf(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
