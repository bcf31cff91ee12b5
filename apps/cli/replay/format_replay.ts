import type { Unreplayable } from "@countersign/lifecycle";
import { markdownText } from "../terminal/markdown_text.ts";
import { localTime } from "../terminal/parse_time.ts";
import { printable } from "../terminal/printable.ts";
import {
  CHANGES,
  type Change,
  type ChangedRequest,
  type ReplayReport,
  type Verdict,
} from "./replay_tally.ts";

/** What a report is written with. */
export interface FormatReplayOptions {
  /** What was asked for: `teams-next`. */
  readonly candidate: string;
  readonly zone: string;
}

/** A replay for people: how much of it is exact first, then what changes. */
export function formatReplay(report: ReplayReport, { candidate, zone }: FormatReplayOptions): string {
  return [...coverageLines(report, candidate), "", ...changeLines(report, zone, TEXT)].join("\n");
}

/** The same for a comment on a pull request. */
export function formatReplayMarkdown(report: ReplayReport, { candidate, zone }: FormatReplayOptions): string {
  const [first = "", ...rest] = coverageLines(report, candidate);
  const coverage = rest.map((line) => `- ${line.trim()}`);
  return [
    "### Recorded requests, judged again",
    "",
    first,
    "",
    ...coverage,
    "",
    ...changeLines(report, zone, MARKDOWN),
  ].join("\n");
}

const WHY: Readonly<Record<Unreplayable, string>> = {
  erased: "what they said, or who asked, was erased",
  without_facts:
    "recorded without the facts that decided: by an earlier version, or they were too much to keep",
  beyond_policy:
    "refused by something that no policy says: they came before, their key was gone, others took the last of a limit",
  not_looked_up: "this policy asks about something that nobody looked up then",
};

function coverageLines(report: ReplayReport, candidate: string): readonly string[] {
  const { requests, replayed, not_replayed, wanting } = report;
  const name = printable(candidate);
  if (requests === 0) return [`No request is on record in that time, so "${name}" was not tried`];
  const reasons = (Object.keys(WHY) as Unreplayable[]).filter((why) => not_replayed[why] > 0);
  const keys = Object.entries(wanting).map(([key, count]) => `${key} (${numberOf(count)})`);
  return [
    `${numberOf(replayed)} of ${countOf(requests, "request")} judged again exactly by "${name}"`,
    ...reasons.map((why) => {
      const asked = why === "not_looked_up" && keys.length > 0 ? `: ${keys.join(", ")}` : "";
      return `  ${numberOf(not_replayed[why])} not: ${WHY[why]}${asked}`;
    }),
  ];
}

const TITLES: Readonly<Record<Change, string>> = {
  newly_allowed: "Newly allowed",
  newly_unseen: "Newly without a person",
  newly_denied: "Newly denied",
  newly_held: "Newly held for a person",
};

/** How a part of a report is written. */
interface Style {
  readonly title: (text: string) => string;
  readonly item: (head: string, lines: readonly string[]) => readonly string[];
  readonly more: (text: string) => string;
}

const TEXT: Style = {
  title: (text) => text,
  item: (head, lines) => [`  ${head}`, ...lines.map((line) => `    ${line}`)],
  more: (text) => `  ${text}`,
};

const MARKDOWN: Style = {
  title: (text) => `**${text}**`,
  item: (head, lines) => [`- ${markdownText(head)}`, ...lines.map((line) => `  - ${markdownText(line)}`)],
  more: (text) => `- ${text}`,
};

function changeLines(report: ReplayReport, zone: string, style: Style): readonly string[] {
  const { counts, changes, replayed } = report;
  const kinds = CHANGES.filter((change) => counts[change] > 0);
  if (kinds.length === 0)
    return replayed === 0 ? ["Nothing could be compared"] : ["Nothing changes for any of them"];
  return kinds
    .flatMap((kind) => {
      const shown = changes.filter(({ change }) => change === kind);
      const more = counts[kind] - shown.length;
      return [
        style.title(`${TITLES[kind]}: ${countOf(counts[kind], "request")}`),
        ...shown.flatMap((one) =>
          style.item(headOf(one, zone), [`was ${verdictText(one.before)}`, `now ${verdictText(one.after)}`]),
        ),
        ...(more > 0 ? [style.more(`and ${numberOf(more)} more: --limit shows more of them`)] : []),
        "",
      ];
    })
    .slice(0, -1);
}

function headOf({ receipt, at, as, action, to }: ChangedRequest, zone: string): string {
  const whom = to.length === 0 ? "" : ` to ${to.map((domain) => `@${domain}`).join(" ")}`;
  return printable(`${receipt ?? "-"}  ${localTime(Date.parse(at), zone)}  ${as}  ${action}${whom}`);
}

function verdictText({ effect, held, reasons }: Verdict): string {
  const verdict = effect === "deny" ? "denied" : held ? "held for a person" : "allowed, seen by nobody";
  return printable(reasons.length === 0 ? verdict : `${verdict} by ${reasons.join("; ")}`);
}

function countOf(count: number, what: string): string {
  return `${numberOf(count)} ${what}${count === 1 ? "" : "s"}`;
}

function numberOf(count: number): string {
  return count.toLocaleString("en-US");
}
