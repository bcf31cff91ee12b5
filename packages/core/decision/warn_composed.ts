import { scan } from "../content/mod.ts";
import {
  type ContentDetector,
  formatWhere,
  type Located,
  type PolicyProblem,
  type PolicySet,
  type TeamPolicy,
} from "../policy/mod.ts";

/** What a policy adds to a part of every email. */
interface Addition {
  readonly part: "subject" | "markdown";
  readonly path: string;
  readonly text: Located<string>;
}

/** By detectors and text: an organisation's footer is that of thousands of teams. */
const scanned = new Map<string, ReadonlySet<number>>();
const MAX_SCANNED = 1_000;

/**
 * Where what `compose` adds to every email says itself what no email may say, or only before a person: that is probably not
 * meant. In the order of the teams; what they take over from the organisation is said once.
 */
export function warnComposed({ teams }: PolicySet): readonly PolicyProblem[] {
  const all = [...teams.values()].flatMap((policy) =>
    additionsOf(policy).flatMap((addition) => warningsOf(policy, addition)),
  );
  return [...new Map(all.map((one) => [`${formatWhere(one.where)} ${one.message}`, one])).values()];
}

function additionsOf({ compose }: TeamPolicy): readonly Addition[] {
  if (compose === undefined) return [];
  const { subjectPrefix: text, footers } = compose;
  return [
    ...(text === undefined ? [] : [{ part: "subject", path: "compose.subject_prefix", text } as const]),
    ...footers.map((text) => ({ part: "markdown", path: "compose.footer", text }) as const),
  ];
}

function warningsOf(
  { content, rules, oversight }: TeamPolicy,
  { part, path, text }: Addition,
): readonly PolicyProblem[] {
  const whose = part === "subject" ? "Every email but a reply" : "Every email";
  const isGated = oversight === "gated_all" || oversight === "gated_send";
  const flagged = isGated
    ? "needs a person, and is refused where none is asked"
    : "is refused, for want of a person who looks at it";
  return (["block", "flag"] as const).flatMap((list) => {
    if (rules.get(`content.${list}`) === "warn") return [];
    const detectors = content[list];
    const found = findersIn(
      text.value,
      part,
      detectors.map(({ value }) => value),
    );
    return detectors.flatMap(({ value: { name }, where }, index) => {
      if (!found.has(index)) return [];
      const by = `content.${list} (${formatWhere(where)})`;
      const message = `${whose} ${list === "block" ? "is refused" : flagged}: ${by} finds ${JSON.stringify(name)} in this`;
      return [{ where: text.where, path, message }];
    });
  });
}

/** Which of the detectors find something, by their indices. */
function findersIn(
  text: string,
  part: Addition["part"],
  detectors: readonly ContentDetector[],
): ReadonlySet<number> {
  if (detectors.length === 0) return new Set();
  const key = JSON.stringify([part, text, detectors]);
  const known = scanned.get(key);
  if (known !== undefined) return known;
  const draft = { subject: "", markdown: "", attachments: [], [part]: text };
  const found = new Set(
    detectors.flatMap((detector, index) => (scan(draft, [detector]).length > 0 ? [index] : [])),
  );
  if (scanned.size >= MAX_SCANNED) scanned.clear();
  scanned.set(key, found);
  return found;
}
