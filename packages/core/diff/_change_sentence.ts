import type { RecipientClass } from "../classes/mod.ts";
import type { ChangeGroup } from "./policy_change.ts";

/** What changed, for people who do not know the language of policies. */
export function changeSentence(group: ChangeGroup): string {
  const { direction, rank, requests, aspect } = group;
  const [first] = requests;
  if (first === undefined) return "";
  const isWider = direction === "wider";
  const who = listed(distinct(requests.map(({ scope }) => scope.assistant)));
  const actions = distinct(requests.map(({ scope }) => scope.action));
  const emails = actions.filter((name) => name === "send" || name === "reply" || name === "report");
  const [strict, loose] = isWider ? [first.before, first.after] : [first.after, first.before];
  const when = `${circumstances(group)}${timesOf(group)}`;
  const by = `by ${listed(actions)}`;
  if (emails.length === 0)
    return `${who} ${isWider ? "may newly" : "may no longer"} use ${listed(actions)}${when}`;
  const whom = peopleOf(group);
  const seen = loose.held ? "after a person approved it" : "without a person";
  switch (rank) {
    case "allowed":
      return aspect === undefined
        ? `${who} ${isWider ? "may newly" : "may no longer"} write to ${whom ?? "anybody whom they may write to"}, ${by}${isWider ? `, ${seen}` : ""}${when}`
        : `Email of ${who}${to(whom)} is ${isWider ? `newly let through, ${seen},` : "newly refused"}${when}`;
    case "unheld":
      return isWider
        ? `Email of ${who}${to(whom)} newly leaves without a person, ${by}${when}`
        : `Email of ${who}${to(whom)} newly waits for a person, ${by}${when}`;
    case "approval":
      return `Email of ${who}${to(whom)} needs the approval of ${approvers(isWider ? loose : strict)} instead of ${approvers(isWider ? strict : loose)}${when}`;
    case "earlier":
      return `Email of ${who}${to(whom)} leaves ${isWider ? "earlier" : "later"} than before${when}`;
    case "unseen":
      return `Whoever approves email of ${who}${to(whom)} is ${isWider ? "no longer" : "newly"} told ${aspect === undefined ? `of it (${flagsOf(strict, loose)})` : `that ${circumstances(group).replace(/^ (?:although|if) /, "")}`}${timesOf(group)}`;
  }
}

function to(whom: string | undefined): string {
  return whom === undefined ? "" : ` to ${whom}`;
}

function flagsOf(
  strict: ChangeGroup["requests"][number]["before"],
  loose: ChangeGroup["requests"][number]["before"],
): string {
  const rules = (decision: typeof strict) =>
    distinct(decision.findings.filter(({ effect }) => effect === "flag").map(({ rule }) => rule));
  return rules(strict)
    .filter((rule) => !rules(loose).includes(rule))
    .join(", ");
}

/** The most that is asked for, and each who may give it. */
function approvers({ requirements = [] }: ChangeGroup["requests"][number]["before"]): string {
  const [most] = [...requirements].sort((a, b) => b.needed - a.needed);
  if (most === undefined) return "nobody";
  const people = listed(most.by.map(({ address }) => address)) || "whoever can use MultiMail's dashboard";
  return `${most.needed} of ${people}`;
}

/** ` although it holds iban` */
function circumstances({ requests, direction, rank, aspect }: ChangeGroup): string {
  const whats = distinct(requests.flatMap(({ what }) => (what === undefined ? [] : [what])));
  const [one] = whats;
  if (one === undefined) return "";
  const word = direction === "wider" && rank !== "approval" && aspect !== "asker" ? "although" : "if";
  if (aspect === "overlap" || aspect === "outside mail") return ` ${word} ${one}`;
  return ` ${word} ${whats.slice(0, 2).join(", or ")}${whats.length > 2 ? ", and the like" : ""}`;
}

/** Whom a group is about; undefined: all whom anybody of the team may write to. */
function peopleOf({ requests, classes, reachable }: ChangeGroup): string | undefined {
  const alone = new Set(requests.flatMap(({ scope }) => (scope.classes.length === 1 ? scope.classes : [])));
  const pool = classes.recipients.classes;
  if (alone.size === pool.length) return "anybody";
  if (alone.size > 0 && [...reachable].every((index) => alone.has(index))) {
    const isAll = requests.every(({ scope }) => scope.aspect !== undefined || scope.rank !== "allowed");
    if (isAll) return undefined;
  }
  if (alone.size > 0) return namesOf([...alone], pool);
  const sets = requests.map(({ scope }) => scope.classes);
  const [first = []] = sets;
  const others = distinct(
    sets.map((set) => set.map((index) => namesOf([index], pool)).join(" together with ")),
  );
  return others.length > 3
    ? `${namesOf(first.slice(0, 1), pool)} together with others`
    : others.join("; or to ");
}

const MAX_NAMED = 8;

function namesOf(indices: readonly number[], pool: readonly RecipientClass[]): string {
  const chosen = new Set(indices);
  const inside = pool.flatMap((one, index) => (chosen.has(index) ? one.atoms : []));
  const outside = pool.flatMap((one, index) => (chosen.has(index) ? [] : one.atoms));
  const whole = new Set(inside.filter(({ kind }) => kind === "domain").map(({ domain }) => domain));
  const own = inside.filter(({ kind, domain, text }) =>
    kind === "address" || kind === "tags"
      ? !whole.has(domain)
      : !text.startsWith("look-alike") && !text.includes("look-alike"),
  );
  const tagless = own.filter(({ kind }) => kind !== "tags");
  const shown = (tagless.length > 0 ? tagless : own.length > 0 ? own : inside).map(
    ({ text, kind, domain }) => {
      if (kind !== "domain" && kind !== "rest") return text;
      const but = outside.filter(
        (one) => kind === "domain" && one.kind === "address" && one.domain === domain,
      );
      return but.length === 0 ? text : `${text} but ${listed(but.map((one) => one.text))}`;
    },
  );
  const sorted = [...distinct(shown)].sort(
    (a, b) => Number(a.startsWith("anybody")) - Number(b.startsWith("anybody")),
  );
  return sorted.length > MAX_NAMED
    ? `${sorted.slice(0, MAX_NAMED).join(", ")} and ${sorted.length - MAX_NAMED} more`
    : listed(sorted);
}

/** Of some times only: one of them is said. */
function timesOf({ requests, allTimes }: ChangeGroup): string {
  const assistants = distinct(requests.map(({ scope }) => scope.assistant));
  const isAlways = assistants.every((assistant) => {
    const own = requests.filter(({ scope }) => scope.assistant === assistant);
    return distinct(own.map(({ scope }) => scope.time)).length >= (allTimes.get(assistant) ?? 1);
  });
  if (isAlways) return "";
  const instants = [...distinct(requests.map(({ request }) => request.now))].sort((a, b) => a - b);
  const shown = instants.slice(0, 3).map((at) => new Date(at).toISOString().replace(/:\d\d\.\d+Z$/, "Z"));
  return ` (at times such as ${shown.join(", ")})`;
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
