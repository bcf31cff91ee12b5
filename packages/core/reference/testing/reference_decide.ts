import { RE2JS } from "re2js";
import { type Action, isEmailAction } from "../../action/mod.ts";
import { type Address, type AddressPattern, type AddressResult, parseAddress } from "../../address/mod.ts";
import { judgeAttachment, scan } from "../../content/mod.ts";
import type { Context, LimitUsage, OriginalEmail } from "../../decision/mod.ts";
import { fingerprint, similarity } from "../../overlap/mod.ts";
import {
  type AssistantPolicy,
  type ContentDetector,
  type Located,
  OVERSIGHT_MODES,
  type PolicyFile,
  type PolicySet,
  RULE_NAMES,
  type RuleName,
  type TeamPolicy,
} from "../../policy/mod.ts";
import { type HoursText, isOpenAt } from "./hours_text.ts";
import { localTime } from "./local_clock.ts";
import {
  type ApprovalClassText,
  type ExceptionText,
  type LimitsText,
  readFiles,
  type TeamText,
  type UsersText,
} from "./read_files.ts";
import { mayHide, type ReferenceComposed, referenceCompose } from "./reference_compose.ts";

/** What must come of an action, as far as the policy language's document says. */
export interface ReferenceDecision {
  readonly effect: "allow" | "deny";
  readonly held: boolean;
  /** Every rule that denies; `caller` when there is no policy to judge by. */
  readonly denying: readonly (RuleName | "caller")[];
  /** Epoch milliseconds; only for email that is allowed. */
  readonly sendAt?: number;
  /** What is judged: what was asked for, and what the policy adds. */
  readonly composed?: ReferenceComposed;
  /** Who must approve: how many of whom, for all email and for each class. Only of email that is held. */
  readonly requirements?: readonly { readonly needed: number; readonly by: readonly string[] }[];
}

/** Everything that a sentence of the document speaks of. */
interface Case {
  readonly policy: TeamPolicy;
  /** What the team's file says by its own words. */
  readonly text: TeamText;
  readonly assistant: AssistantPolicy;
  readonly action: Action;
  readonly context: Context;
  /** Everybody whom the email reaches. */
  readonly everybody: readonly AddressResult[];
  /** Those of them who get no copy by `compose`. */
  readonly asked: readonly AddressResult[];
  readonly composed: ReferenceComposed;
  /** Those of them for whom the rule at hand is not lifted. */
  readonly judged: readonly AddressResult[];
}

/** Whether a rule forbids. */
type Sentence = (c: Case) => boolean;

const MINUTE_MS = 60_000;

/** Policies, and the files that they were linked from. */
export interface ReferencePolicies {
  readonly policies: PolicySet;
  readonly files: readonly PolicyFile[];
}

/**
 * Decides as the policy language's document says: slow, and one function a sentence, which is quoted. It shares types
 * with `decide`, and nothing else: where the two differ, one of them or the document is wrong. What has names, times or
 * numbers to be read is read from the files themselves, so that a mistake in linking is found too.
 */
export function referenceDecide(
  { policies, files }: ReferencePolicies,
  action: Action,
  context: Context,
): ReferenceDecision {
  const policy = policies.teams.get(context.team);
  const assistant = policy?.assistants.get(context.assistant);
  // "assistants: # nobody else may use the mailbox". "A rule that errors denies. So does a team without a valid policy"
  const text = readFiles(files).get(context.team);
  if (policy === undefined || assistant === undefined || text === undefined)
    return { effect: "deny", held: false, denying: ["caller"] };

  if (mayNotAsk(text.assistants.get(assistant.id)?.users, context))
    return { effect: "deny", held: false, denying: ["users"] };

  const asked = recipientsOf(policy, action, context);
  const composed = referenceCompose(text.compose, action, context);
  // "it is judged … as a part of it"
  const everybody = [...asked, ...composed.copies.map(({ key }) => parseAddress(key))];
  const whole: Case = {
    policy,
    text,
    assistant,
    action,
    context,
    asked,
    composed,
    everybody,
    judged: everybody,
  };
  const denying = ruleNames().filter((rule) => denies(rule, whole));
  const held = willBeHeld(whole);
  const judged = { held, denying, composed, ...(held && { requirements: requirementsOf(whole) }) };
  if (denying.length > 0) return { effect: "deny", ...judged };
  const sendAt = leavesLater(whole);
  return { effect: "allow", ...judged, ...(sendAt !== undefined && { sendAt }) };
}

function ruleNames(): readonly RuleName[] {
  return Object.keys(RULE_NAMES).filter((name): name is RuleName => Object.hasOwn(SENTENCES, name));
}

/** "rules: { overlap: warn }  # enforce (default) | warn, rule by rule" */
function denies(rule: RuleName, c: Case): boolean {
  if (isWarned(rule, c)) return false;
  const judged = withoutExcepted(rule, c);
  if (judged === undefined) return false;
  try {
    return SENTENCES[rule]({ ...c, judged });
  } catch {
    // "A rule that errors denies."
    return true;
  }
}

function isWarned(rule: RuleName, { policy }: Case): boolean {
  return RULE_NAMES[rule].optional && policy.rules.get(rule) === "warn";
}

/** Rules about each recipient by itself. The others are about the email, whoever it goes to. */
const ABOUT_RECIPIENTS: readonly RuleName[] = [
  "recipients.allow",
  "recipients.external",
  "first_contact",
  "after_outside_mail",
  "overlap",
  "limits",
];

/**
 * "exceptions: rule, assistants, recipients" — a rule about recipients is not asked about those who are excepted; a
 * rule about the email is not asked when all of them are. Nothing is returned when the rule is lifted altogether.
 */
function withoutExcepted(rule: RuleName, c: Case): readonly AddressResult[] | undefined {
  const holding = c.text.exceptions.filter((exception) => holds(exception, rule, c));
  if (holding.some(({ recipients }) => recipients === undefined)) return undefined;
  // "Composed copies count for `deny`, `external` and the hold, not for limits, `first_contact`, overlap and `recipients.allow`"
  const concerned = rule === "recipients.external" ? c.everybody : c.asked;
  const left = concerned.filter(
    (one) =>
      !(one.ok && holding.some(({ recipients = [] }) => recipients.some((p) => matches(p, one.address)))),
  );
  if (concerned.length > 0 && left.length === 0) return undefined;
  return ABOUT_RECIPIENTS.includes(rule) ? left : c.everybody;
}

/**
 * "expires: # required; the day after, it is as if it were not there, everywhere" — "`from`: not before"; days are those of
 * the team's own hours, or of UTC.
 */
function holds(exception: ExceptionText, rule: RuleName, { context, text }: Case): boolean {
  const { date } = localTime(text.timezone, context.now);
  return (
    RULE_NAMES[rule].optional &&
    exception.rule === rule &&
    (exception.assistants?.includes(context.assistant) ?? true) &&
    (exception.from === undefined || exception.from <= date) &&
    date <= exception.expires
  );
}

/**
 * "The assistant's key may come besides …: then both must be right" — "users: { sign_in: none (default) | required,
 * allow, claims, with_key: true (default) | false, shared }". Whoever may not ask is told that, and nothing else.
 */
function mayNotAsk(users: UsersText | undefined, { person, isProven }: Context): boolean {
  // "A token alone proves a person, not an assistant"
  if (isProven === false && (users === undefined || users.withKey)) return true;
  if (users === undefined) return false;
  if (person === undefined) return true;
  const { address } = person;
  // "`shared` are accounts that stand for nobody …: refused"; of whom nobody knows the address, nobody knows it is not one.
  if (users.shared.length > 0) {
    if (address === undefined) return true;
    if (users.shared.some((one) => withoutTag(one) === withoutTag(address.key))) return true;
  }
  // "`allow` or `claims` suffices (`claims` are values of `OAUTH_GROUPS_CLAIM`)"
  const isInGroup = person.claims.some((claim) => users.claims.includes(claim));
  const isAllowed = address !== undefined && users.allow.some((pattern) => matches(pattern, address));
  return !isInGroup && !isAllowed;
}

/** "`a+b@x` counts as `a@x`" */
function withoutTag(address: string): string {
  const [local = "", domain = ""] = address.toLowerCase().split("@");
  return `${local.replace(/(?<=.)\+.*$/, "")}@${domain}`;
}

const SENTENCES: Readonly<Record<RuleName, Sentence>> = {
  // It is asked before all others.
  users: () => false,
  request: isNoRequest,
  actions: isNoActionOfTheAssistant,
  mailbox: isAnotherMailbox,
  "mailbox.verified": isNotVerified,
  "mailbox.stopped": isStopped,
  oversight: isReadOnly,
  reply: isReplyToUnknown,
  send_at: isAskedForAtAnOddTime,
  compose: cannotBeComposed,
  require: lacksWhatIsRequired,
  "recipients.address": hasBadAddress,
  "recipients.deny": isDenied,
  "recipients.allow": isNotAllowed,
  "recipients.external": reachesOutsideUnseen,
  "recipients.max_per_email": hasTooMany,
  "content.block": saysWhatIsBlocked,
  "content.flag": saysWhatIsFlaggedUnseen,
  "content.unscannable": cannotBeRead,
  attachments: hasWrongAttachments,
  "attachments.unsafe": hasUnsafeAttachments,
  approval: needsMoreApprovalInVain,
  limits: exceedsALimit,
  hours: leavesOutsideHours,
  overlap: overlaps,
  first_contact: isFirstContact,
  after_outside_mail: isNewAfterOutsideMail,
};

/** A request that is none, or a route that is not governed. */
function isNoRequest({ action }: Case): boolean {
  return action.name === "invalid";
}

/** "actions: [send, reply, …]  # default: all but report" */
function isNoActionOfTheAssistant({ action, assistant }: Case): boolean {
  return action.name !== "invalid" && !assistant.actions.has(action.name);
}

/** "So does … a mailbox of another team" */
function isAnotherMailbox({ action, policy }: Case): boolean {
  return action.mailboxId !== undefined && action.mailboxId !== policy.mailbox.id;
}

/** "Under `read_only` the first four are denied here, before MultiMail says so." (`send`, `reply`, `cancel`, `report`) */
function isReadOnly({ action, policy, context }: Case): boolean {
  const changesThings = ["send", "reply", "cancel", "report"].includes(action.name);
  return changesThings && (policy.oversight === "read_only" || context.live?.oversight === "read_only");
}

/** "A difference raises an alarm and stops the mailbox" (of the audit trail) */
function isStopped({ action, context: { stopped } }: Case): boolean {
  return isEmailAction(action) && stopped !== undefined;
}

/** "The live mailbox is verified." — "older than 5 min, sending is denied" */
function isNotVerified({ action, policy, context: { live, now } }: Case): boolean {
  if (!isEmailAction(action)) return false;
  if (live === undefined || !live.active || live.sendingDisabled) return true;
  if (!(now - live.seenAt <= 5 * MINUTE_MS)) return true;
  // "Its mode must be the declared one or stricter"
  const modes: readonly string[] = OVERSIGHT_MODES;
  if (!modes.includes(live.oversight)) return true;
  if (modes.indexOf(live.oversight) > modes.indexOf(policy.oversight)) return true;
  // "its allowlist must equal `skip_approval`"
  const liveList = live.allowlist.map((entry) =>
    typeof entry === "string" ? `text ${entry}` : written(entry),
  );
  const declared = policy.recipients.skipApproval.map(({ value }) => written(value));
  if (liveList.some((entry) => !declared.includes(entry))) return true;
  if (declared.some((entry) => !liveList.includes(entry))) return true;
  // "it must have no automatic Cc/Bcc that the policy does not name", and has those that it names: "what it says is what
  // happens".
  const same = (live: string | undefined, named: string | undefined) =>
    live?.toLowerCase() === named?.toLowerCase();
  if (live.address !== undefined && !same(live.address, policy.mailbox.address)) return true;
  return !same(live.autoCc, policy.mailbox.autoCc) || !same(live.autoBcc, policy.mailbox.autoBcc);
}

/**
 * "A reply's recipients are the sender, To and Cc of the email replied to, plus what the assistant adds: they are fetched
 * before deciding." The mailbox itself is no recipient of its own reply, unless the email was between it and itself.
 */
function recipientsOf(policy: TeamPolicy, action: Action, { original }: Context): readonly AddressResult[] {
  if (!isEmailAction(action)) return [];
  const added = action.recipients.map(({ parsed }) => parsed);
  if (action.name !== "reply" || !original?.ok || !isShownAndOut(original)) return added;
  const own = policy.mailbox.address.toLowerCase();
  const participants = original.participants.map(({ parsed }) => parsed);
  const others = participants.filter((one) => !(one.ok && one.address.key === own));
  return [...(others.length === 0 ? participants : others), ...added];
}

/** "If they cannot be, the reply is denied." — "Inbound email is shown only in statuses known to be fit to be shown." */
function isReplyToUnknown({ action, context: { original } }: Case): boolean {
  return action.name === "reply" && !(original?.ok && isShownAndOut(original));
}

/**
 * What was received is answered as it is shown: "unread, read, archived". The team's own email is answered once it left:
 * it lies in the mailbox, is called sent, or MultiMail says when it arrived; not what was thrown away, is called spam, or
 * is called what it was before it left.
 */
function isShownAndOut({ status, isOwn, hasLeft }: Extract<OriginalEmail, { ok: true }>): boolean {
  if (["unread", "read", "archived"].includes(status)) return true;
  if (!isOwn) return false;
  if (["sent", "delivered"].includes(status)) return true;
  const before = /^(pending_|scheduled$|rejected$|cancelled$|send_failed$)/;
  return hasLeft === true && !before.test(status) && !/^(deleted$|spam_)/.test(status);
}

/** What is added must fit ("body limits after composing") and be seen. */
function cannotBeComposed({ action, composed }: Case): boolean {
  if (!isEmailAction(action)) return false;
  const { subject, markdown } = action.draft;
  if (composed.subject !== subject && composed.subject.length > 998) return true;
  return composed.markdown !== markdown && (composed.markdown.length > 262_144 || mayHide(markdown));
}

/** "require: { subject, body }  # RE2; denied without" — "`require.subject` do[es] not apply to replies" */
function lacksWhatIsRequired({ action, text: { require }, composed }: Case): boolean {
  if (!isEmailAction(action)) return false;
  const lacks = (text: string, pattern: string | undefined) =>
    pattern !== undefined && !RE2JS.compile(pattern).matcher(text).find();
  if (action.name !== "reply" && lacks(composed.subject, require.subject)) return true;
  return lacks(composed.markdown, require.body);
}

/** "anything ambiguous refused" — "Look-alike (mixed-script) domains are flagged". Email goes to somebody. */
function hasBadAddress(c: Case): boolean {
  if (isEmailAction(c.action) && !isReplyToUnknown(c) && c.asked.length === 0) return true;
  if (c.judged.some((one) => !one.ok)) return true;
  return addresses(c).some(({ lookAlike }) => lookAlike) && needsAPersonInVain(c);
}

/** "deny: # always wins" — "for `deny`, limits and overlap, `a+b@x` counts as `a@x`" */
function isDenied(c: Case): boolean {
  return addresses(c).some((address) => c.text.deny.some((pattern) => matchesBase(pattern, address)));
}

/** "allow: # absent: anyone the rules permit; []: nobody" — an assistant's list "only narrows the team's" */
function isNotAllowed(c: Case): boolean {
  return addresses(c).some(
    (address) => !isOn(c.text.allow, address) || !isOn(c.text.assistants.get(c.assistant.id)?.allow, address),
  );
}

function isOn(list: readonly AddressPattern[] | undefined, address: Address): boolean {
  return list === undefined || list.some((pattern) => matches(pattern, address));
}

/** "external: deny | require_approval (default) | allow" — "If it would go out unseen, it is denied here." */
function reachesOutsideUnseen(c: Case): boolean {
  if (!addresses(c).some((address) => isOutside(address, c))) return false;
  const { external } = c.policy.recipients;
  return external === "deny" || (external === "require_approval" && needsAPersonInVain(c));
}

/** "internal: exact domains; "*.acme.example" means its subdomains" */
function isOutside(address: Address, { policy }: Case): boolean {
  return !policy.recipients.internal.some(({ value }) => matches(value, address));
}

/** "`flag` goes to a person: it needs a gated mailbox, and without one it denies." */
function needsAPersonInVain(c: Case): boolean {
  return !willBeHeld(c);
}

/**
 * "holds only if MultiMail will really hold this email: the mailbox's live mode is gated, and not every recipient is on
 * its allowlist" — which is there "with gated_send only". "If it would go out unseen, it is denied": nobody knows what
 * MultiMail makes of plus-tags, nor of an entry that is no pattern, so either may match.
 */
function willBeHeld({ action, everybody, context: { live, held } }: Case): boolean {
  if (!isEmailAction(action)) return false;
  if (held !== undefined) return held;
  if (live === undefined) return false;
  if (live.oversight === "gated_all") return true;
  if (live.oversight !== "gated_send") return false;
  return !everybody.every((one) =>
    live.allowlist.some((entry) => one.ok && (typeof entry === "string" || matchesBase(entry, one.address))),
  );
}

/** "send_at: { at_most: 30d }" — what is past by more than a minute, in which clocks may differ, is refused. */
function isAskedForAtAnOddTime({ action, text, context: { now, askedAt = now } }: Case): boolean {
  if (!isEmailAction(action) || action.draft.sendAt === undefined) return false;
  const at = Date.parse(action.draft.sendAt);
  return Number.isNaN(at) || at < askedAt - MINUTE_MS || at > askedAt + text.atMostMs;
}

/** "max_per_email: 10  # to + cc + bcc" */
function hasTooMany({ asked, policy }: Case): boolean {
  return asked.length > policy.recipients.maxPerEmail;
}

/** "`block` denies." */
function saysWhatIsBlocked(c: Case): boolean {
  return says(c, c.policy.content.block);
}

/** "`flag` goes to a person: it needs a gated mailbox, and without one it denies." */
function saysWhatIsFlaggedUnseen(c: Case): boolean {
  return says(c, c.policy.content.flag) && needsAPersonInVain(c);
}

/** "Content is scanned in subject, body, file names and text attachments" */
function says(c: Case, detectors: readonly Located<ContentDetector>[]): boolean {
  if (!isEmailAction(c.action)) return false;
  const values = detectors.map(({ value }) => value);
  const hits = scan({ ...c.action.draft, subject: subjectOf(c), markdown: c.composed.markdown }, values);
  return hits.some(({ kind }) => kind !== "unscannable");
}

/** "unscannable: flag  # what cannot be read: deny | flag | allow" */
function cannotBeRead(c: Case): boolean {
  const { unscannable } = c.policy.content;
  if (!isEmailAction(c.action) || unscannable === "allow") return false;
  const unread = scan({ ...c.action.draft, subject: subjectOf(c) }, []).length > 0;
  return unread && (unscannable === "deny" || needsAPersonInVain(c));
}

/** A reply has the subject of the email replied to. */
function subjectOf({ action, composed, context: { original } }: Case): string {
  if (action.name === "reply") return original?.ok && isShownAndOut(original) ? original.subject : "";
  return isEmailAction(action) ? composed.subject : "";
}

/** "attachments: { allow: […], max_count: 5, max_bytes: 5MB }   # absent: none" */
function hasWrongAttachments({ action, policy }: Case): boolean {
  if (!isEmailAction(action) || action.draft.attachments.length === 0) return false;
  const { attachments } = action.draft;
  if (policy.attachments === undefined) return true;
  const { allow, maxCount, maxBytes } = policy.attachments;
  const types = allow.map(({ value }) => value);
  const files = attachments.map(judgeAttachment);
  // "Attachments are of the types, number and size declared": what a label only claims is not of its type.
  if (files.some(({ declared, readable, mismatch }) => !types.includes(declared) || !readable || mismatch))
    return true;
  return files.length > maxCount || files.reduce((sum, { bytes }) => sum + bytes, 0) > maxBytes;
}

/** "No attachment is a program, encrypted, acts by itself, or cannot be looked into whole" (`RULE_NAMES`; the document does not have this rule). */
function hasUnsafeAttachments({ action }: Case): boolean {
  if (!isEmailAction(action)) return false;
  return action.draft.attachments
    .map(judgeAttachment)
    .some((file) => file.executable || file.encrypted || file.macros || file.active || file.unlisted);
}

/** "Email that fits a class and will not be held … is denied, as with `flag`" */
function needsMoreApprovalInVain(c: Case): boolean {
  return c.text.approval.classes.some((one) => fits(one, c)) && needsAPersonInVain(c);
}

/** "Requirements add up: the top-level one and that of each fitting class are separate" */
function requirementsOf(c: Case): NonNullable<ReferenceDecision["requirements"]> {
  const { approvers, approval } = c.text;
  const classes = approval.classes.filter((one) => fits(one, c));
  return [{ needed: approval.needed, by: approvers }, ...classes.map(({ needed, by }) => ({ needed, by }))];
}

/**
 * "classes: { when: { content, recipients, attachments } }": all that is there must fit. "What a class asks about is scanned
 * even if no content rule names it": what cannot be read may say it, unless it is let through unread.
 */
function fits({ content, recipients, attachments }: ApprovalClassText, c: Case): boolean {
  if (!isEmailAction(c.action)) return false;
  if (attachments && c.action.draft.attachments.length === 0) return false;
  const reached = c.everybody.flatMap((one) => (one.ok ? [one.address] : []));
  if (recipients && !reached.some((address) => recipients.some((p) => matchesBase(p, address)))) return false;
  if (content === undefined) return true;
  const hits = scan({ ...c.action.draft, subject: subjectOf(c), markdown: c.composed.markdown }, content);
  const isPassed = c.policy.content.unscannable === "allow";
  return hits.some(({ kind }) => kind !== "unscannable" || !isPassed);
}

/** "Limits count emails accepted in the rolling window" — "limits: { per_assistant, per_domain, team: 2000/week }" */
function exceedsALimit({ action, text, assistant, context: { usage = [], person }, judged }: Case): boolean {
  if (!isEmailAction(action)) return false;
  const all = [...text.limits, text.assistants.get(assistant.id)?.limits ?? {}];
  const isFull = (limit: keyof LimitsText, whose: Pick<LimitUsage, "recipient" | "domain"> = {}) =>
    all.some((limits) => {
      const [count = "", unit = ""] = limits[limit]?.split("/") ?? [];
      const windowMs = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS }[unit];
      const rolling = unit === "week" ? 7 * 24 * 60 * MINUTE_MS : windowMs;
      const used = usage.find(
        (u) =>
          u.limit === limit &&
          u.windowMs === rolling &&
          u.recipient === whose.recipient &&
          u.domain === whose.domain,
      );
      return unit !== "" && (used?.used ?? 0) + 1 > Number(count);
    });
  if (isFull("team") || isFull("per_assistant") || isFull("per_user")) return true;
  // "Limits may count `per_user`: without a person that is a denial."
  if (person === undefined && all.some(({ per_user }) => per_user !== undefined)) return true;
  return judged.some(
    (one) =>
      one.ok &&
      (isFull("per_recipient", { recipient: one.address.base }) ||
        isFull("per_domain", { domain: one.address.key.split("@")[1] ?? "" })),
  );
}

/** "hours: { …, outside: schedule }  # or deny" — the contract's `reply_email` has no `send_at`: it cannot be scheduled. */
function leavesOutsideHours(c: Case): boolean {
  if (!isOutsideHours(c)) return false;
  return hoursOf(c)?.outside === "deny" || c.action.name === "reply" || nextWorkingMinute(c) === undefined;
}

function isOutsideHours(c: Case): boolean {
  return isEmailAction(c.action) && !isWorkingTime(c, leavingAt(c));
}

/** Now, or when the assistant asked for. */
function leavingAt({ action, context: { now } }: Case): number {
  const asked = isEmailAction(action) ? action.draft.sendAt : undefined;
  return asked === undefined ? now : Math.max(now, Date.parse(asked));
}

/** "its own instead of the team's" */
function hoursOf({ text, assistant }: Case): HoursText | undefined {
  return text.assistants.get(assistant.id)?.hours;
}

/** "windows: […]" — "within the organisation's" */
function isWorkingTime(c: Case, at: number): boolean {
  const hours = hoursOf(c);
  if (hours !== undefined && !isOpenAt(hours, at)) return false;
  return c.text.bound === undefined || isOpenAt(c.text.bound, at);
}

/** "outside: schedule" */
function leavesLater(c: Case): number | undefined {
  const lifted = isWarned("hours", c) || withoutExcepted("hours", c) === undefined;
  return lifted || !isOutsideHours(c) ? undefined : nextWorkingMinute(c);
}

/** The first minute in working hours, found by looking at each; none as far ahead as email may be scheduled: "send_at: { at_most: 30d }". */
function nextWorkingMinute(c: Case): number | undefined {
  const last = (c.context.askedAt ?? c.context.now) + c.text.atMostMs;
  for (let at = (Math.floor(leavingAt(c) / MINUTE_MS) + 1) * MINUTE_MS; at <= last; at += MINUTE_MS)
    if (isWorkingTime(c, at)) return at;
  return undefined;
}

/**
 * "Overlap compares with recent email of the team's other assistants, and by address alone with other teams', to the same
 * recipients"
 */
function overlaps(c: Case): boolean {
  const { action, context, policy } = c;
  if (!isEmailAction(action) || policy.overlap === undefined) return false;
  const { windowMs, similarity: threshold, action: verdict } = policy.overlap;
  // A reply is remembered without the subject that MultiMail gives it, so it is compared without.
  const mine = fingerprint(`${action.draft.subject}\n${action.draft.markdown}`);
  const found = (context.recent ?? []).some((email) => {
    if (context.now - email.at >= windowMs) return false;
    if (!addresses(c).some(({ base }) => email.recipients.includes(base))) return false;
    if (email.team !== context.team) return true;
    if (email.assistant === context.assistant || email.fingerprint === undefined) return false;
    return similarity(mine, email.fingerprint) >= threshold;
  });
  return found && forbids(verdict, c);
}

/** "allow | flag | deny" */
function forbids(verdict: "allow" | "flag" | "deny", c: Case): boolean {
  return verdict === "deny" || (verdict === "flag" && needsAPersonInVain(c));
}

/** "first_contact: flag  # a recipient this team never wrote to or heard from: allow | flag | deny" */
function isFirstContact(c: Case): boolean {
  return addresses(c).some((address) => isNew(address, c)) && forbids(c.policy.firstContact, c);
}

/** "known is whom the team wrote to, or heard from": they are in the context, the sender of an email replied to among them. */
function isNew(address: Address, { context }: Case): boolean {
  return !context.knownContacts?.has(address.base);
}

/**
 * "after_outside_mail: { window: 1h, new_external: require_approval }" — "known is whom this team wrote to, and it left,
 * before the outside mail was read by anybody of the team": they are in the context.
 */
function isNewAfterOutsideMail(c: Case): boolean {
  const { policy, context } = c;
  const rule = policy.afterOutsideMail;
  const readAt = context.outsideMailReadAt;
  if (rule === undefined || readAt === undefined || context.now - readAt >= rule.windowMs) return false;
  if (!addresses(c).some((address) => isOutside(address, c) && !context.writtenBefore?.has(address.base)))
    return false;
  return rule.newExternal === "deny" || (rule.newExternal === "require_approval" && needsAPersonInVain(c));
}

/** "Recipients are judged after addresses are made canonical" — "To, Cc and Bcc are the same to every rule." */
function addresses({ judged }: Case): readonly Address[] {
  return judged.flatMap((one) => (one.ok ? [one.address] : []));
}

/** "`*@x.com` never matches `@sub.x.com` or `@x.com.evil.com`." */
function matches(pattern: AddressPattern, address: Address): boolean {
  const domain = address.key.split("@")[1] ?? "";
  if (pattern.kind === "address") return address.key === pattern.key;
  if (pattern.kind === "domain") return domain === pattern.domain;
  return domain !== pattern.domain && domain.endsWith(`.${pattern.domain}`);
}

/** "`a+b@x` counts as `a@x`", of the pattern as of the address. */
function matchesBase(pattern: AddressPattern, address: Address): boolean {
  return pattern.kind === "address" ? address.base === pattern.base : matches(pattern, address);
}

function written(pattern: AddressPattern): string {
  if (pattern.kind === "address") return pattern.key;
  return pattern.kind === "domain" ? `*@${pattern.domain}` : `*@*.${pattern.domain}`;
}
