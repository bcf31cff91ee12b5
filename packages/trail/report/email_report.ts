import type { IntentData } from "../record/intent.ts";
import { isReadable } from "../record/is_readable.ts";
import type { LifecycleEvent } from "../record/lifecycle.ts";
import type { OutcomeData } from "../record/outcome.ts";
import type { TrailStore } from "../store/store.ts";

/** What was asked for in a time, and what became of it until now. */
export interface TeamReport {
  readonly team: string;
  /** Emails that were asked for. */
  readonly emails: Readonly<Record<EmailMeasure, number>>;
  /** Requests of any kind that were denied, by each rule that denied them; one may be denied by several. */
  readonly denials: Readonly<Record<string, number>>;
  /** Of emails that were held for a person. */
  readonly approvals: {
    readonly approved: number;
    readonly rejected: number;
    /** Nobody has decided. */
    readonly waiting: number;
    /** From when it was asked for until a person decided; null: nobody decided any. */
    readonly wait_seconds: Readonly<Record<"median" | "mean" | "longest", number>> | null;
  };
}

/** In this order. `left`: MultiMail sent it on; `failed`: it certainly did not; `open`: nobody knows yet. */
export const EMAIL_MEASURES = [
  "asked",
  "denied",
  "held",
  "left",
  "delivered",
  "bounced",
  "complained",
  "cancelled",
  "failed",
  "open",
] as const;

/** Something that is counted of emails. */
export type EmailMeasure = (typeof EMAIL_MEASURES)[number];

/** A time in numbers. */
export interface EmailReport {
  /** Of each team that asked for anything, in order of their names. */
  readonly teams: readonly TeamReport[];
  /** Of all of them together. */
  readonly total: TeamReport;
}

/** A time: epoch milliseconds, inclusive and exclusive. */
export interface ReportSpan {
  readonly since: number;
  readonly until: number;
}

/** Of which times, and of whom. */
export interface EmailReportsOptions {
  /** In their order, and none within another. */
  readonly spans: readonly ReportSpan[];
  readonly team?: string;
}

/** What is remembered of an email while records are read. */
interface Email {
  readonly team: string;
  readonly askedAt: number;
  readonly isHeld: boolean;
  readonly events: Set<LifecycleEvent>;
  outcome: OutcomeData["result"] | null;
  decidedAt: number | null;
}

interface Tally {
  readonly denials: Map<string, number>;
  readonly emails: Email[];
  denied: number;
}

const EMAIL_ACTIONS: readonly string[] = ["send", "reply", "report"];
const LEFT: readonly LifecycleEvent[] = ["sent", "delivered", "bounced", "complained"];

/** Works out what was asked for in a time, and what became of it. */
export async function emailReport(
  trail: Pick<TrailStore, "records">,
  { team, ...span }: ReportSpan & Pick<EmailReportsOptions, "team">,
): Promise<EmailReport> {
  const [report] = await emailReports(trail, { spans: [span], ...(team !== undefined && { team }) });
  return report ?? { teams: [], total: reportOf("all", sumOf([])) };
}

/** The same for several times, in one reading: a report for each, in their order. */
export async function emailReports(
  trail: Pick<TrailStore, "records">,
  { spans, team }: EmailReportsOptions,
): Promise<readonly EmailReport[]> {
  const tallies = spans.map(() => new Map<string, Tally>());
  const emails = new Map<string, Email>();
  const kinds = ["intent", "outcome", "lifecycle"] as const;
  const since = Math.min(...spans.map((span) => span.since));
  for await (const { record } of trail.records({ kinds, since, ...(team !== undefined && { team }) })) {
    // audit list and audit verify name it: nothing of it can be counted.
    if (!isReadable(record)) continue;
    const { kind, receipt } = record;
    const at = Date.parse(record.at);
    if (kind === "intent") {
      const tally = tallies[spans.findIndex((span) => span.since <= at && at < span.until)];
      if (tally !== undefined)
        addIntent(tally, emails, record.team ?? "-", { at, receipt, data: record.data });
    }
    const email = emails.get(receipt ?? "");
    if (email === undefined) continue;
    if (kind === "outcome") email.outcome = record.data.result;
    if (record.kind === "lifecycle" && record.data.event !== "unknown") {
      const { event, happened_at } = record.data;
      email.events.add(event);
      if (event === "approved" || event === "rejected")
        email.decidedAt ??= happened_at === null ? at : Date.parse(happened_at);
    }
  }
  return tallies.map((byTeam) => {
    const teams = [...byTeam]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, tally]) => reportOf(name, tally));
    return { teams, total: reportOf("all", sumOf([...byTeam.values()])) };
  });
}

function addIntent(
  tallies: Map<string, Tally>,
  emails: Map<string, Email>,
  team: string,
  { at, receipt, data }: { readonly at: number; readonly receipt: string | null; readonly data: IntentData },
): void {
  const tally: Tally = tallies.get(team) ?? { denials: new Map(), emails: [], denied: 0 };
  tallies.set(team, tally);
  const isEmail = EMAIL_ACTIONS.includes(data.action);
  if (data.effect === "deny") {
    const rules = data.findings.filter(({ effect }) => effect === "deny").map(({ rule }) => rule);
    for (const rule of new Set(rules)) tally.denials.set(rule, (tally.denials.get(rule) ?? 0) + 1);
    if (isEmail) tally.denied++;
    return;
  }
  if (!isEmail || receipt === null) return;
  const email: Email = {
    ...{ team, askedAt: at, isHeld: data.held, events: new Set<LifecycleEvent>() },
    ...{ outcome: null, decidedAt: null },
  };
  emails.set(receipt, email);
  tally.emails.push(email);
}

function sumOf(tallies: readonly Tally[]): Tally {
  const denials = new Map<string, number>();
  for (const tally of tallies)
    for (const [rule, count] of tally.denials) denials.set(rule, (denials.get(rule) ?? 0) + count);
  const denied = tallies.reduce((sum, tally) => sum + tally.denied, 0);
  return { denials, emails: tallies.flatMap(({ emails }) => emails), denied };
}

function reportOf(team: string, { emails, denied, denials }: Tally): TeamReport {
  const count = (is: (email: Email) => boolean) => emails.filter(is).length;
  const has = (event: LifecycleEvent) => count(({ events }) => events.has(event));
  const isDecided = ({ events }: Email) => [...DECIDED, ...LEFT].some((event) => events.has(event));
  const counts: Readonly<Record<EmailMeasure, () => number>> = {
    asked: () => emails.length + denied,
    denied: () => denied,
    held: () => count(({ isHeld }) => isHeld),
    left: () => count(({ events }) => LEFT.some((event) => events.has(event))),
    delivered: () => has("delivered"),
    bounced: () => has("bounced"),
    complained: () => has("complained"),
    cancelled: () => has("cancelled"),
    failed: () => count(({ outcome, events }) => outcome === "refused" || events.has("send_failed")),
    open: () => count(({ outcome }) => outcome === null || outcome === "unknown"),
  };
  const waits = emails.flatMap(({ askedAt, decidedAt }) =>
    decidedAt === null ? [] : [Math.max(0, decidedAt - askedAt) / 1000],
  );
  return {
    team,
    emails: measures((name) => counts[name]()),
    denials: sorted(Object.fromEntries(denials)),
    approvals: {
      approved: has("approved"),
      rejected: has("rejected"),
      waiting: count((email) => email.isHeld && email.outcome === "accepted" && !isDecided(email)),
      wait_seconds: waits.length === 0 ? null : waitOf(waits.sort((a, b) => a - b)),
    },
  };
}

const DECIDED: readonly LifecycleEvent[] = ["approved", "rejected", "cancelled", "send_failed"];

function waitOf(waits: readonly number[]): Readonly<Record<"median" | "mean" | "longest", number>> {
  const at = (index: number) => waits[index] ?? 0;
  const middle = waits.length / 2;
  const median = (at(Math.ceil(middle) - 1) + at(Math.floor(middle))) / 2;
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  return { median: Math.round(median), mean: Math.round(mean), longest: Math.round(at(waits.length - 1)) };
}

function measures(count: (name: EmailMeasure) => number): Record<EmailMeasure, number> {
  return Object.fromEntries(EMAIL_MEASURES.map((name) => [name, count(name)])) as Record<
    EmailMeasure,
    number
  >;
}

/** The most frequent first. */
function sorted(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
