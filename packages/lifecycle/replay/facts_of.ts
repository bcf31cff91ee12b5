import { type Action, isAskedFor, isEmailAction } from "@countersign/core/action";
import { formatPattern } from "@countersign/core/address";
import {
  answerable,
  askedFingerprint,
  type Context,
  type Decision,
  judgedFiles,
  type LimitUsage,
  type LiveMailbox,
  limitCounters,
  MAX_LIVE_AGE_MS,
  outsideWindow,
  overlapWindow,
  scanOrder,
  wantsContacts,
} from "@countersign/core/decision";
import { similarity } from "@countersign/core/overlap";
import type { TeamPolicy } from "@countersign/core/policy";
import type { IntentFacts, RecentFacts, UsedFacts } from "@countersign/trail";
import { detectorId } from "./detector_id.ts";
import { type FileWrong, wrongWith } from "./file_wrongs.ts";

/** A decision, and everything that it went by. */
export interface DecisionInput {
  /** As it was judged: composed. */
  readonly action: Action;
  readonly context: Context;
  /** The team's policy; undefined: there was none. */
  readonly policy: TeamPolicy | undefined;
  readonly decision: Decision;
  /** When the call came; epoch milliseconds. */
  readonly receivedAt: number;
}

/** Settings that differ in more characters are not kept, and with them the facts. */
const MAX_LIVE = 4_000;

/**
 * What the decision went by besides the request, small enough to be kept beside it; undefined: it is not. Members are in
 * order, as a record wants them.
 */
export function factsOf(input: DecisionInput): IntentFacts | undefined {
  const { action, context, policy, decision, receivedAt } = input;
  const after = Math.max(0, context.now - receivedAt);
  const claims = claimsLacked(input);
  const named =
    action.mailboxId === undefined ? undefined : action.mailboxId === policy?.mailbox.id ? "own" : "other";
  const isEmail = isEmailAction(action);
  const mode = policy && (isEmail || action.name === "cancel") ? modeOf(policy, context.live) : undefined;
  if (!isEmail) return inOrder({ after, claims, mode, named });
  if (policy === undefined || decision.findings.some(({ rule }) => rule === "users"))
    return inOrder({ after, claims, named, unasked: true });
  const { live, now, original, inspection } = context;
  const differing = live && settingsThatDiffer(policy, live);
  if (differing !== undefined && differing.length > MAX_LIVE) return undefined;
  const shown = original && answerable(original);
  const age = live === undefined ? null : now - live.seenAt;
  const sendAt = action.draft.sendAt ?? null;
  return inOrder({
    after,
    claims,
    contacts: wantsContacts(policy) ? placesOf(decision, context.knownContacts) : undefined,
    disabled: live?.sendingDisabled || undefined,
    ...fileFacts(input, policy),
    inactive: live?.active === false || undefined,
    live: differing,
    mode,
    named,
    original:
      action.name !== "reply" ? undefined : shown === undefined ? "" : shown.ok ? undefined : shown.message,
    outside: outsideFacts(input, policy),
    recent: recentFacts(input, policy),
    seen: age === null || !(age <= MAX_LIVE_AGE_MS) ? age : undefined,
    send_at: decision.sendAt !== undefined && decision.sendAt !== sendAt ? sendAt : undefined,
    stopped: context.stopped,
    unscanned: inspection?.ok === false ? inspection.message : undefined,
    used: usedFacts(input, policy),
  });
}

/** Without what is undefined, and in the order of names. */
function inOrder(
  facts: { readonly [Name in keyof IntentFacts]: IntentFacts[Name] | undefined },
): IntentFacts {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) as IntentFacts;
}

/** A record keeps no groups of theirs by which nobody may use the assistant: where there are such, it says who looked for which. */
function claimsLacked({
  context: { person, assistant },
  policy,
}: DecisionInput): readonly string[] | undefined {
  if (person === undefined) return undefined;
  const named = policy?.assistants.get(assistant)?.users?.claims.map(({ value }) => value) ?? [];
  if (person.claims.every((claim) => named.includes(claim))) return undefined;
  return named.filter((claim) => !person.claims.includes(claim));
}

function modeOf(policy: TeamPolicy, live: LiveMailbox | undefined): string | undefined {
  return live === undefined || live.oversight === policy.oversight ? undefined : live.oversight.slice(0, 100);
}

/** As JSON, those settings of the live mailbox that are not as declared; undefined: all are. */
function settingsThatDiffer(policy: TeamPolicy, live: LiveMailbox): string | undefined {
  const { mailbox } = policy;
  const different = (declared: string | undefined, found: string | undefined) =>
    declared?.toLowerCase() !== found?.toLowerCase();
  const settings = {
    ...(live.address !== undefined && different(mailbox.address, live.address) && { address: live.address }),
    ...(!isAllowlistAsDeclared(policy, live.allowlist) && { allowlist: live.allowlist.map(textOf) }),
    ...(different(mailbox.autoBcc, live.autoBcc) && { auto_bcc: live.autoBcc ?? null }),
    ...(different(mailbox.autoCc, live.autoCc) && { auto_cc: live.autoCc ?? null }),
  };
  return Object.keys(settings).length === 0 ? undefined : JSON.stringify(settings);
}

/** An allowlist stays the same list until MultiMail is asked again: one of thousands is compared once. */
const compared = new WeakMap<
  LiveMailbox["allowlist"],
  { readonly policy: TeamPolicy; readonly same: boolean }
>();

function isAllowlistAsDeclared(policy: TeamPolicy, allowlist: LiveMailbox["allowlist"]): boolean {
  const known = compared.get(allowlist);
  if (known?.policy === policy) return known.same;
  const declared = new Set(policy.recipients.skipApproval.map(({ value }) => formatPattern(value)));
  const found = new Set(allowlist.map(textOf));
  const same = declared.size === found.size && [...found].every((entry) => declared.has(entry));
  compared.set(allowlist, { policy, same });
  return same;
}

function textOf(entry: LiveMailbox["allowlist"][number]): string {
  return typeof entry === "string" ? entry : formatPattern(entry);
}

/** The places of those recipients asked for who are among these (`Address.base`). */
function placesOf({ recipients }: Decision, bases: ReadonlySet<string> | undefined): readonly number[] {
  return recipients.flatMap((one, index) =>
    isAskedFor(one) && one.parsed.ok && bases?.has(one.parsed.address.base) ? [index] : [],
  );
}

function fileFacts(
  { action, context }: DecisionInput,
  policy: TeamPolicy,
): { [Name in "files" | "found" | "looked"]: IntentFacts[Name] | undefined } {
  const none = { files: undefined, found: undefined, looked: undefined };
  if (!isEmailAction(action) || action.draft.attachments.length === 0) return none;
  const { inspection } = context;
  // Whoever judges looks ahead whenever there are files.
  if (inspection?.ok !== true) return none;
  const { detectors } = scanOrder(policy, action, context);
  const ids = new Map(detectors.map((one) => [`${one.kind} ${one.name}`, detectorId(one)]));
  const inFiles = inspection.hits.filter(({ index }) => index !== undefined);
  const unread = new Set(inFiles.flatMap(({ kind, index }) => (kind === "unscannable" ? [index] : [])));
  const found = inFiles.flatMap(({ detector, kind, part, index = 0, line }) => {
    const id = ids.get(`${kind} ${detector}`);
    if (id === undefined) return [];
    const place = { detector: id, file: index, line };
    return [part === "attachment name" ? { ...place, name: true as const } : place];
  });
  const looked = [...new Set(ids.values())];
  return {
    files: judgedFiles(action.draft.attachments, context).map((file, index) => {
      const wrong: readonly FileWrong[] = [
        ...wrongWith(file),
        ...(unread.has(index) ? (["unscannable"] as const) : []),
      ];
      const { actual, declared } = file;
      return {
        ...(actual !== declared && { actual: actual ?? null }),
        ...(wrong.length > 0 && { wrong }),
      };
    }),
    found: found.length > 0 ? found : undefined,
    looked: looked.length > 0 ? looked : undefined,
  };
}

function outsideFacts({ context, decision }: DecisionInput, policy: TeamPolicy): IntentFacts["outside"] {
  const window = outsideWindow(policy);
  if (window === undefined) return undefined;
  const { now, outsideMailReadAt: readAt = Number.NEGATIVE_INFINITY } = context;
  if (now - readAt >= window) return { window };
  return {
    read: Math.max(0, now - readAt),
    window,
    written: placesOf(decision, context.writtenBefore),
  };
}

/** Of what tells less than another email, and is older, no rule needs to know. */
function recentFacts(
  { action, context, decision }: DecisionInput,
  policy: TeamPolicy,
): IntentFacts["recent"] {
  const window = overlapWindow(policy);
  if (window === undefined || !isEmailAction(action)) return undefined;
  let own: readonly number[] | undefined;
  const emails = (context.recent ?? [])
    .flatMap(({ team, assistant, at, recipients, fingerprint, alike: known }): readonly RecentFacts[] => {
      const to = placesOf(decision, new Set(recipients));
      const age = Math.max(0, context.now - at);
      if (to.length === 0) return [];
      if (team !== context.team) return [{ age, to }];
      if (assistant === context.assistant) return [];
      if (known === undefined && fingerprint === undefined) return [];
      own ??= askedFingerprint(action.draft);
      return [{ age, alike: known ?? similarity(own, fingerprint ?? []), to }];
    })
    .sort((a, b) => a.age - b.age);
  const kept: RecentFacts[] = [];
  for (const email of emails) {
    const isSaid = (index: number) => kept.some((one) => saysAsMuch(one, email) && one.to.includes(index));
    if (!email.to.every(isSaid)) kept.push(email);
  }
  return kept.length > 0 ? { emails: kept, window } : { window };
}

/** Whether a newer email tells of a recipient all that this one does. */
function saysAsMuch(newer: RecentFacts, { alike }: RecentFacts): boolean {
  if (newer.alike === undefined || alike === undefined) return newer.alike === alike;
  return newer.alike >= alike;
}

function usedFacts(
  { context, decision }: DecisionInput,
  policy: TeamPolicy,
): readonly UsedFacts[] | undefined {
  const assistant = policy.assistants.get(context.assistant);
  if (assistant === undefined) return undefined;
  const { recipients } = decision;
  const all = new Map<string, UsedFacts>();
  for (const { limit, recipient, domain, rate } of limitCounters(policy, assistant, {
    recipients,
    person: context.person,
  })) {
    const window = rate.windowMs;
    const key = `${limit} ${window}`;
    const used =
      context.usage?.find(
        (usage) =>
          usage.limit === limit &&
          usage.recipient === recipient &&
          usage.domain === domain &&
          usage.windowMs === window,
      )?.used ?? 0;
    const index = recipients.findIndex(
      ({ parsed, ...one }) =>
        isAskedFor(one) &&
        parsed.ok &&
        (parsed.address.base === recipient || parsed.address.domain === domain),
    );
    const before = all.get(key);
    if (!IS_PER_RECIPIENT[limit]) all.set(key, { limit, ...(used > 0 && { used }), window });
    else {
      const isKnown = before?.of?.some(([place]) => place === index) ?? false;
      const of = [...(before?.of ?? []), ...(used > 0 && !isKnown ? [[index, used] as const] : [])];
      all.set(key, { limit, ...(of.length > 0 && { of }), window });
    }
  }
  return all.size > 0 ? [...all.values()] : undefined;
}

const IS_PER_RECIPIENT: Readonly<Record<LimitUsage["limit"], boolean>> = {
  per_assistant: false,
  per_domain: true,
  per_recipient: true,
  per_user: false,
  team: false,
};
