import { covers, parseDomainPattern } from "../../address/mod.ts";
import { isAsStrictAs, OVERSIGHT_MODES } from "../oversight_mode.ts";
import type { PolicyProblem } from "../policy_problem.ts";
import type { PolicyDocument } from "../read/policy_document.ts";
import { REASONS } from "../schema/approval.ts";
import { EXTERNAL, UNSCANNABLE } from "../schema/sections.ts";
import { parseRate, parseSize } from "../values/amounts.ts";
import { parseDuration } from "../values/times.ts";
import { entriesAt, textsAt } from "./_entries_at.ts";
import { checkBoundRules, loosens } from "./check_bound_rules.ts";
import { checkHoursBound } from "./check_hours.ts";
import { checkMailbox } from "./check_mailboxes.ts";
import { checkNotifyMailbox } from "./check_notify.ts";

/** Compares a team's values with the organisation's and says where the team is looser. */
type Check = (team: PolicyDocument, organisation: PolicyDocument) => readonly PolicyProblem[];

/**
 * Where a team's file tries to loosen what the organisation's bounds. It is an error there, and never tightened in
 * silence. What a team does not mention is no attempt: it takes the bound over.
 */
export const checkBounds: Check = (team, organisation) =>
  CHECKS.flatMap((check) => check(team, organisation));

const CHECKS: readonly Check[] = [
  bound("oversight", "oversight.most_permissive", (value, most) => {
    const mode = OVERSIGHT_MODES.find((mode) => mode === value);
    const widest = OVERSIGHT_MODES.find((mode) => mode === most);
    return mode !== undefined && widest !== undefined && !isAsStrictAs(mode, widest);
  }),
  bound("recipients.external", "recipients.external", (value, most) => {
    const modes: readonly unknown[] = EXTERNAL;
    return modes.includes(most) && modes.indexOf(value) > modes.indexOf(most);
  }),
  bound("content.unscannable", "content.unscannable", (value, most) => {
    const verdicts: readonly unknown[] = UNSCANNABLE;
    return verdicts.includes(most) && verdicts.indexOf(value) > verdicts.indexOf(most);
  }),
  checkInternal,
  checkMailbox,
  checkNotifyMailbox,
  checkLeastNeeded,
  bound("approval.expires", "approval.expires", (value, most) => isMore(durationOf(value), durationOf(most))),
  checkReason,
  bound("attachments.max_count", "attachments.max_count", isMore),
  bound("attachments.max_bytes", "attachments.max_bytes", (value, most) =>
    isMore(sizeOf(value), sizeOf(most)),
  ),
  checkMediaTypes,
  checkHoursBound,
  bound("limits.per_assistant", "limits.per_assistant", isLooserRate),
  bound("assistants[].limits.per_assistant", "limits.per_assistant", isLooserRate),
  bound("limits.per_recipient", "limits.per_recipient", isLooserRate),
  bound("assistants[].limits.per_recipient", "limits.per_recipient", isLooserRate),
  bound("limits.per_domain", "limits.per_domain", isLooserRate),
  bound("assistants[].limits.per_domain", "limits.per_domain", isLooserRate),
  bound("limits.per_user", "limits.per_user", isLooserRate),
  bound("assistants[].limits.per_user", "limits.per_user", isLooserRate),
  bound("limits.team", "limits.team", isLooserRate),
  checkBoundRules,
];

/** One value against one bound. */
function bound(path: string, boundPath: string, isLooser: (value: unknown, most: unknown) => boolean): Check {
  return (team, organisation) => {
    const [most] = entriesAt(organisation, boundPath);
    if (most === undefined) return [];
    return entriesAt(team, path)
      .filter(({ value }) => isLooser(value, most.value))
      .map((entry) => loosens(entry, `it allows ${JSON.stringify(most.value)} at most`, most));
  };
}

function checkLeastNeeded(team: PolicyDocument, organisation: PolicyDocument): readonly PolicyProblem[] {
  const [least] = entriesAt(organisation, "approval.needed");
  if (least === undefined) return [];
  return entriesAt(team, "approval.needed")
    .filter(({ value }) => isMore(least.value, value))
    .map((entry) => loosens(entry, `it wants ${JSON.stringify(least.value)} at least`, least));
}

function checkReason(team: PolicyDocument, organisation: PolicyDocument): readonly PolicyProblem[] {
  const [least] = entriesAt(organisation, "approval.reason");
  const reasons: readonly unknown[] = REASONS;
  if (least === undefined || !reasons.includes(least.value)) return [];
  return entriesAt(team, "approval.reason")
    .filter(({ value }) => reasons.indexOf(value) > reasons.indexOf(least.value))
    .map((entry) => loosens(entry, `it wants ${JSON.stringify(least.value)} at least`, least));
}

function checkInternal(team: PolicyDocument, organisation: PolicyDocument): readonly PolicyProblem[] {
  const [list] = entriesAt(organisation, "internal");
  if (list === undefined) {
    // Whom a team may call its own people decides whom a bound on outsiders is about.
    const [external] = entriesAt(organisation, "recipients.external");
    if (external === undefined || external.value === "allow") return [];
    return entriesAt(team, "recipients.internal[]").map((entry) =>
      loosens(entry, "it bounds email to people outside and lists no internal domains", external),
    );
  }
  const domains = textsAt(organisation, "internal[]").map(({ value }) => parseDomainPattern(value));
  // A wrong entry has its own problem, and nobody can say what it would have covered.
  if (!domains.every((domain) => domain.ok)) return [];
  return textsAt(team, "recipients.internal[]")
    .filter(({ value }) => {
      const inner = parseDomainPattern(value);
      return inner.ok && !domains.some(({ pattern }) => covers(pattern, inner.pattern));
    })
    .map((entry) => loosens(entry, "this is none of its internal domains", list));
}

function checkMediaTypes(team: PolicyDocument, organisation: PolicyDocument): readonly PolicyProblem[] {
  const [list] = entriesAt(organisation, "attachments.allow");
  if (!Array.isArray(list?.value)) return [];
  const allowed = new Set<unknown>(list.value);
  return textsAt(team, "attachments.allow[]")
    .filter(({ value }) => !allowed.has(value))
    .map((entry) => loosens(entry, "this is none of its media types", list));
}

function isMore(value: unknown, most: unknown): boolean {
  return typeof value === "number" && typeof most === "number" && value > most;
}

function durationOf(value: unknown): number | undefined {
  return typeof value === "string" ? parseDuration(value) : undefined;
}

function sizeOf(value: unknown): number | undefined {
  return typeof value === "string" ? parseSize(value) : undefined;
}

/** Whether the bound keeps the limit from ever being reached: then the file promises more than is true. */
function isLooserRate(value: unknown, most: unknown): boolean {
  const rate = typeof value === "string" ? parseRate(value) : undefined;
  const widest = typeof most === "string" ? parseRate(most) : undefined;
  if (rate === undefined || widest === undefined) return false;
  return rate.count > widest.count * Math.max(1, rate.windowMs / widest.windowMs);
}
