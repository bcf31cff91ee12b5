import type { Direction, PolicyChange, PolicyDiff } from "@countersign/core/diff";
import { formatWhere } from "@countersign/core/policy";
import { markdownText } from "../terminal/markdown_text.ts";
import { printable } from "../terminal/printable.ts";

/** How a difference is printed. */
export type DiffFormat = "text" | "markdown" | "json" | "github";

/** Every form of a difference: for a terminal, for a pull request's comment, for programs, for annotations at lines. */
export const DIFF_FORMATS: Readonly<Record<DiffFormat, (diff: PolicyDiff) => string>> = {
  text: formatText,
  markdown: formatMarkdown,
  json: (diff) =>
    JSON.stringify({ verdict: verdictOf(diff), changes: diff.changes.map(({ scope: _, ...rest }) => rest) }),
  github: formatGithub,
};

/** What a reviewer is asked: does the change let through what was not let through? */
export function verdictOf({ changes }: PolicyDiff): "same" | Direction {
  if (changes.some(({ direction }) => direction === "wider")) return "wider";
  return changes.length === 0 ? "same" : "tighter";
}

const VERDICTS = {
  same: "Nothing is decided otherwise",
  tighter: "Nothing is let through that was not before",
  wider: 'More is let through than before: somebody must agree to each line under "Newly possible"',
} as const satisfies Record<"same" | Direction, string>;

const HEADINGS = { wider: "Newly possible", tighter: "No longer possible" } as const satisfies Record<
  Direction,
  string
>;

function formatText(diff: PolicyDiff): string {
  const lines = sections(diff).flatMap(({ heading, changes }) => [
    "",
    `${heading}:`,
    ...changes.flatMap((change) => [
      `  ${change.team}: ${change.sentence}${unsure(change)}`,
      ...(places(change) === "" ? [] : [`      ${places(change)}`]),
      ...exampleLines(change).map((line) => `      ${line}`),
    ]),
  ]);
  return [VERDICTS[verdictOf(diff)], ...lines].map(printable).join("\n");
}

function formatMarkdown(diff: PolicyDiff): string {
  const lines = sections(diff).flatMap(({ heading, changes }) => [
    "",
    `### ${heading}`,
    "",
    ...changes.flatMap((change) => [
      `- **${markdownText(change.team)}**: ${markdownText(change.sentence + unsure(change))}${places(change) === "" ? "" : `  `}`,
      ...(places(change) === "" ? [] : [`  ${markdownText(places(change))}`]),
      ...(change.example === undefined
        ? []
        : [
            "",
            `  <details><summary>An example</summary>`,
            "",
            "  ```",
            ...exampleLines(change).map((line) => `  ${line.replaceAll("`", "'")}`),
            "  ```",
            "",
            "  </details>",
            "",
          ]),
    ]),
  ]);
  return [`## Policies: ${VERDICTS[verdictOf(diff)]}`, ...lines].map(printable).join("\n");
}

/** Workflow commands of GitHub: a warning at the line that widened, a notice at one that is tighter. */
function formatGithub(diff: PolicyDiff): string {
  const lines = diff.changes.map((change) => {
    const { direction, team, sentence, after, before } = change;
    const { file, line } = after ?? before ?? { file: "", line: 1 };
    const text = printable(`${team}: ${sentence}${unsure(change)}`).replaceAll("%", "%25");
    return `::${direction === "wider" ? "warning" : "notice"} file=${file},line=${line},title=${HEADINGS[direction]}::${text}`;
  });
  return [...lines, VERDICTS[verdictOf(diff)]].join("\n");
}

function sections({
  changes,
}: PolicyDiff): readonly { readonly heading: string; readonly changes: readonly PolicyChange[] }[] {
  return (["wider", "tighter"] as const)
    .map((direction) => ({
      heading: HEADINGS[direction],
      changes: changes.filter((one) => one.direction === direction),
    }))
    .filter((section) => section.changes.length > 0);
}

/** Why there is no example. */
function unsure({ verdict, patterns = [] }: PolicyChange): string {
  if (verdict !== "not_decided") return "";
  const why = patterns.map((one) => JSON.stringify(one)).join(", ");
  return why === ""
    ? " [not decided: no example could be made up, so look at it]"
    : ` [not decided (pattern ${why}): no text could be made up that shows it, so look at it]`;
}

function places({ before, after }: PolicyChange): string {
  return [before && `before ${formatWhere(before)}`, after && `after ${formatWhere(after)}`]
    .filter(Boolean)
    .join(", ");
}

const MAX_SHOWN = 600;

function exampleLines({ example }: PolicyChange): readonly string[] {
  if (example === undefined) return [];
  const text = JSON.stringify(example.scenario);
  return [
    `before: ${example.before}`,
    `after:  ${example.after}`,
    `for example: ${text.length > MAX_SHOWN ? "(a long request: --format json has it)" : text}`,
    `to see it: countersign decide --as ${example.as} --now ${example.now} request.json`,
  ];
}
