import type { Decision } from "@countersign/core/decision";
import { formatWhere } from "@countersign/core/policy";
import type { ReplayedRequest, Unreplayable } from "@countersign/lifecycle";
import type { IntentData } from "@countersign/trail";

/** How a decision changes. The first two let more happen than was allowed. */
export const CHANGES = ["newly_allowed", "newly_unseen", "newly_denied", "newly_held"] as const;

/** How a decision changes: `newly_unseen` was held for a person, and is no more. */
export type Change = (typeof CHANGES)[number];

/** Whether more happens by it than before. */
export const IS_WIDER: Readonly<Record<Change, boolean>> = {
  newly_allowed: true,
  newly_unseen: true,
  newly_denied: false,
  newly_held: false,
};

/** A request whose decision changes. */
export interface ChangedRequest {
  readonly change: Change;
  readonly receipt: string | null;
  readonly at: string;
  readonly as: string;
  readonly action: string;
  /** Domains of its recipients. */
  readonly to: readonly string[];
  readonly before: Verdict;
  readonly after: Verdict;
}

/** A decision in words. */
export interface Verdict {
  readonly effect: "allow" | "deny";
  readonly held: boolean;
  /** What denied it, or asked for a person. */
  readonly reasons: readonly string[];
}

/** What a replay came to. */
export interface ReplayReport {
  readonly requests: number;
  /** How many were judged again exactly. */
  readonly replayed: number;
  readonly not_replayed: Readonly<Record<Unreplayable, number>>;
  /** What the candidate asks about that was not looked up, each with how many requests. */
  readonly wanting: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<Change, number>>;
  /** At most so many of each as were asked for, the first. */
  readonly changes: readonly ChangedRequest[];
}

/** Counts what replayed requests come to; keeps as many changes of each kind as are to be shown. */
export class ReplayTally {
  readonly #most: number;
  readonly #not: Record<Unreplayable, number> = {
    erased: 0,
    without_facts: 0,
    beyond_policy: 0,
    not_looked_up: 0,
  };
  readonly #counts: Record<Change, number> = {
    newly_allowed: 0,
    newly_unseen: 0,
    newly_denied: 0,
    newly_held: 0,
  };
  readonly #wanting = new Map<string, number>();
  readonly #changes: ChangedRequest[] = [];
  #requests = 0;

  /** @param most of each kind of change */
  constructor(most: number) {
    this.#most = most;
  }

  get requests(): number {
    return this.#requests;
  }

  add({ record, replayed }: ReplayedRequest): void {
    this.#requests++;
    if (!replayed.ok) {
      this.#not[replayed.why]++;
      for (const key of replayed.wanting) this.#wanting.set(key, (this.#wanting.get(key) ?? 0) + 1);
      return;
    }
    const { data, receipt, at, team, assistant } = record;
    const { decision } = replayed;
    const change = changeOf(data, decision);
    if (change === undefined || ++this.#counts[change] > this.#most) return;
    const domains = data.recipients.map(({ domain }) => domain ?? "?");
    this.#changes.push({
      ...{ change, receipt, at, as: `${team}/${assistant}`, action: data.action },
      to: [...new Set(domains)].slice(0, MAX_DOMAINS),
      before: { effect: data.effect, held: data.held, reasons: reasonsOf(data, data.findings) },
      after: {
        ...{ effect: decision.effect, held: decision.held },
        reasons: reasonsOf(
          decision,
          decision.findings.map((one) => ({ ...one, where: one.where ? formatWhere(one.where) : null })),
        ),
      },
    });
  }

  report(): ReplayReport {
    const not = Object.values(this.#not).reduce((sum, count) => sum + count, 0);
    const order = (change: Change) => CHANGES.indexOf(change);
    return {
      requests: this.#requests,
      replayed: this.#requests - not,
      not_replayed: this.#not,
      wanting: Object.fromEntries([...this.#wanting].sort(([, a], [, b]) => b - a)),
      counts: this.#counts,
      changes: this.#changes.toSorted((a, b) => order(a.change) - order(b.change)),
    };
  }
}

const MAX_DOMAINS = 5;

function changeOf(before: Pick<IntentData, "effect" | "held">, after: Decision): Change | undefined {
  if (before.effect === "deny") return after.effect === "allow" ? "newly_allowed" : undefined;
  if (after.effect === "deny") return "newly_denied";
  if (before.held === after.held) return undefined;
  return after.held ? "newly_held" : "newly_unseen";
}

/** Of a denial, what denies; of what is held, what asks for a person. */
function reasonsOf(
  { effect, held }: Pick<Decision, "effect" | "held">,
  findings: readonly {
    readonly rule: string;
    readonly effect: string;
    readonly message: string;
    readonly where: string | null;
  }[],
): readonly string[] {
  const telling = effect === "deny" ? ["deny"] : held ? ["flag", "note"] : [];
  const told = findings
    .filter((one) => telling.includes(one.effect))
    .map(({ rule, message, where }) => `${rule}: ${message}${where === null ? "" : ` (${where})`}`);
  return [...new Set(told)];
}
