import type { WaitingEmail } from "../waiting/waiting_emails.ts";
import { groupOverlapping } from "./overlap_groups.ts";
import { subjectOf, type WhyNot } from "./queue_rows.ts";

/** Which email of the queue somebody wants to see. Empty texts want all. */
export interface QueueFilter {
  /** What waits for them, or for others. */
  readonly show: "mine" | "others";
  readonly team: string;
  readonly assistant: string;
  /** A rule that wants a person to see it, or `NO_RULE`. */
  readonly rule: string;
  /** In subject, recipients or receipt, whatever the case. */
  readonly text: string;
}

/** Stands for email that is held since the team sees all email first. */
export const NO_RULE = "-";

/** What was found, the longest waiting first, what overlaps together. */
export interface QueueList {
  readonly emails: readonly WaitingEmail[];
  /** By receipt: the group of those that say much the same. Absent: it is alone. */
  readonly groups: ReadonlyMap<string, readonly WaitingEmail[]>;
  /** How many wait for this person, and for others, whatever the filter. */
  readonly counts: Readonly<Record<QueueFilter["show"], number>>;
  /** What there is to choose from. */
  readonly choices: Readonly<Record<"teams" | "assistants" | "rules", readonly string[]>>;
}

/** Finds email among all that waits in somebody's teams. */
export function listQueue(
  all: readonly WaitingEmail[],
  { filter, whyNot }: { readonly filter: QueueFilter; readonly whyNot: WhyNot },
): QueueList {
  const shown = { mine: [] as WaitingEmail[], others: [] as WaitingEmail[] };
  const choices = { teams: new Set<string>(), assistants: new Set<string>(), rules: new Set<string>() };
  for (const email of all) {
    shown[waitsForMe(email, whyNot) ? "mine" : "others"].push(email);
    choices.teams.add(email.team);
    choices.assistants.add(email.assistant);
    for (const rule of rulesOf(email)) choices.rules.add(rule);
  }
  const { team, assistant, rule, text } = filter;
  const wanted = text.trim().toLowerCase();
  const found = shown[filter.show].filter(
    (email) =>
      (team === "" || email.team === team) &&
      (assistant === "" || email.assistant === assistant) &&
      (rule === "" || rulesOf(email).includes(rule)) &&
      (wanted === "" || textOf(email).includes(wanted)),
  );
  return {
    ...groupOverlapping(found),
    counts: { mine: shown.mine.length, others: shown.others.length },
    choices: {
      teams: [...choices.teams].sort(),
      assistants: [...choices.assistants].sort(),
      rules: [...choices.rules].sort(),
    },
  };
}

/** Whether it is this person's turn: they may decide, have not, and not everybody who must has. */
export function waitsForMe(email: WaitingEmail, whyNot: WhyNot): boolean {
  return email.decided === undefined && whyNot(email) === undefined;
}

const NONE: readonly string[] = [NO_RULE];

function rulesOf({ flags }: WaitingEmail): readonly string[] {
  return flags.length === 0 ? NONE : flags;
}

function textOf(email: WaitingEmail): string {
  const { receipt, data, values } = email;
  const people = data.recipients.map(({ address }) => values.get(address) ?? "");
  return [subjectOf(email) ?? "", ...people, receipt].join("\n").toLowerCase();
}
