import type { NoticeAbout } from "@countersign/core/approval";

/** An email that waits, as far as people are told of it. */
export interface WaitingFact {
  readonly receipt: string;
  /** Who wrote it; absent: it was received. */
  readonly assistant?: string;
  /** Since when it waits; epoch milliseconds. */
  readonly heldAt: number;
}

/** What people are told: never anything that an email says, whom it is for, or what an assistant wrote. */
export interface NoticeMessage {
  /** The notice's own id. */
  readonly id: string;
  readonly team: string;
  readonly about: NoticeAbout;
  /** They were received, and no assistant sees them before a person does. */
  readonly isReceived: boolean;
  readonly emails: number;
  /** Whose they are, those with the most first. */
  readonly assistants: readonly { readonly assistant: string; readonly emails: number }[];
  /** Since when the first of them waits, and when it is told; epoch milliseconds. */
  readonly since: number;
  readonly at: number;
  /** Leads to sign-in, and to a page: opening it decides nothing. */
  readonly link: string;
}

/** What is told of a notice that was asked for, by what waits of it now. */
export function noticeMessage(
  { id, team, about, link, isReceived }: Pick<NoticeMessage, "id" | "team" | "about" | "link" | "isReceived">,
  waiting: readonly WaitingFact[],
  at: number,
): NoticeMessage {
  const counts = new Map<string, number>();
  for (const { assistant } of waiting)
    if (assistant !== undefined) counts.set(assistant, (counts.get(assistant) ?? 0) + 1);
  const assistants = [...counts]
    .map(([assistant, emails]) => ({ assistant, emails }))
    .sort((a, b) => b.emails - a.emails || (a.assistant < b.assistant ? -1 : 1));
  const since = waiting.reduce((oldest, { heldAt }) => Math.min(oldest, heldAt), at);
  return { id, team, about, isReceived, emails: waiting.length, assistants, since, at, link };
}

/** The message in words, each a line without markup. */
export interface NoticeWords {
  readonly title: string;
  readonly detail: string;
  /** What the link is called. */
  readonly action: string;
}

/** More assistants than these are counted, not named. */
const MOST_NAMED = 5;

/** Puts a message into words; `to`: whether they are for everybody of a channel, or for the person who reads them. */
export function noticeWords(
  { team, about, isReceived, emails, assistants, since, at }: NoticeMessage,
  { to }: { readonly to: "channel" | "person" },
): NoticeWords {
  const many = `${emails} ${isReceived ? "received " : ""}${emails === 1 ? "email" : "emails"} of team ${team}`;
  const waits = emails === 1 ? "waits" : "wait";
  const titles = {
    waiting: `${many} ${waits} for a decision`,
    reminder: `${many} still ${waits} for a decision`,
    escalated: `Nobody has decided on ${many}: ${to === "person" ? "you" : "those to whom it escalates"} may decide now too`,
  } as const;
  const more = assistants.length - MOST_NAMED;
  const named = assistants.slice(0, MOST_NAMED).map((one) => `${one.assistant} (${one.emails})`);
  const from = [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
  const first = emails === 1 ? "It has waited" : "The first has waited";
  return {
    title: titles[about],
    detail: `${isReceived ? "No assistant sees it yet" : `Written by ${from}`}. ${first} for ${roughTime(at - since)}.`,
    action: isReceived ? "Open what came in" : "Open the queue",
  };
}

const UNITS = [
  [86_400_000, "day"],
  [3_600_000, "hour"],
  [60_000, "minute"],
] as const;

/** `3 hours`; of days, the first two also with hours: `1 day 4 hours`. */
function roughTime(ms: number): string {
  const unit = UNITS.find(([length]) => ms >= length);
  if (unit === undefined) return "less than a minute";
  const [length, name] = unit;
  const count = Math.floor(ms / length);
  const hours = Math.floor((ms % 86_400_000) / 3_600_000);
  const rest = name === "day" && count < 3 && hours > 0 ? ` ${counted(hours, "hour")}` : "";
  return `${counted(count, name)}${rest}`;
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
