import type { Action } from "../action/mod.ts";
import { type AddressPattern, parseAddress, parseAddressPattern } from "../address/mod.ts";
import { judgedRecipients } from "../decision/judged_recipients.ts";
import { limitCounters } from "../decision/limit_counters.ts";
import type { Context, LimitUsage, LiveMailbox, OriginalEmail, RecentEmail } from "../decision/mod.ts";
import { fingerprint } from "../overlap/mod.ts";
import type { AssistantRef, TeamPolicy } from "../policy/mod.ts";
import { windowName } from "../policy/values/amounts.ts";
import { parseDuration } from "../policy/values/times.ts";
import type { Given, ScenarioUser, UsedCount } from "./scenario.ts";

/** What a scenario is played with. */
export interface ScenarioContextOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly user?: ScenarioUser | undefined;
  readonly given?: Given | undefined;
}

/** The made-up world of a scenario, as the rules see it. */
export function scenarioContext(
  policy: TeamPolicy,
  caller: AssistantRef,
  action: Action,
  { now, user, given = {} }: ScenarioContextOptions,
): Context {
  const live = given.live === "unknown" ? undefined : liveMailbox(policy, now, given.live);
  const original = action.name === "reply" ? originalEmail(policy, given.original) : undefined;
  const context: Context = {
    now,
    team: caller.team,
    assistant: caller.assistant,
    ...(user !== undefined && signedIn(user)),
    ...(live !== undefined && { live }),
    ...(original !== undefined && { original }),
    ...(given.stopped && { stopped: "The scenario says that the mailbox is stopped" }),
    recent: (given.recent ?? []).map((email) => recentEmail(caller, now, email)),
    knownContacts: new Set(
      [...(given.known ?? []), ...(given.heard_from ?? []), ...heardFrom(given.original)].map(baseOf),
    ),
    writtenBefore: new Set((given.known ?? []).map(baseOf)),
    ...(given.read_outside_mail !== undefined && { outsideMailReadAt: ago(now, given.read_outside_mail) }),
  };
  return { ...context, usage: usage(policy, caller, action, { context, used: given.used }) };
}

/** Whoever has the same address, or none and the same groups, is the same person in all scenarios. */
function signedIn(user: ScenarioUser): Pick<Context, "person" | "isProven"> {
  const { address, claims = [], key = true } = typeof user === "string" ? { address: user } : user;
  const parsed = address === undefined ? undefined : parseAddress(address);
  const known = parsed?.ok ? parsed.address : undefined;
  const person = {
    ...{ issuer: "https://sign-in.example", subject: known?.key ?? claims.join(" ") },
    ...(known !== undefined && { address: known }),
    claims,
  };
  return { person, isProven: key };
}

function liveMailbox(policy: TeamPolicy, now: number, given: Exclude<Given["live"], "unknown">): LiveMailbox {
  const { mailbox, oversight, recipients } = policy;
  const autoCc = given?.auto_cc === undefined ? mailbox.autoCc : given.auto_cc;
  const autoBcc = given?.auto_bcc === undefined ? mailbox.autoBcc : given.auto_bcc;
  return {
    oversight: given?.oversight ?? oversight,
    allowlist: given?.allowlist?.map(patternOf) ?? recipients.skipApproval.map(({ value }) => value),
    active: given?.active ?? true,
    seenAt: ago(now, given?.seen),
    ...(autoCc && { autoCc }),
    ...(autoBcc && { autoBcc }),
  };
}

/** Unless something else is given, somebody of the team's own company wrote. */
function originalEmail(policy: TeamPolicy, given: Given["original"]): OriginalEmail {
  if (given === "unknown") return { ok: false, message: "this mailbox has no such email" };
  if (given === undefined)
    return { ok: false, message: "the scenario does not say who wrote it: given.original" };
  const texts = [given.from, ...(given.to ?? [policy.mailbox.address]), ...(given.cc ?? [])];
  return {
    ok: true,
    participants: texts.map((text) => ({ text, parsed: parseAddress(text) })),
    status: given.status ?? "unread",
    subject: given.subject ?? "",
    ...(given.own !== undefined && { isOwn: given.own }),
    ...(given.left !== undefined && { hasLeft: given.left }),
  };
}

/** Whoever wrote the email that is replied to has been heard from. */
function heardFrom(given: Given["original"]): readonly string[] {
  return given === undefined || given === "unknown" ? [] : [given.from];
}

function recentEmail(
  caller: AssistantRef,
  now: number,
  email: NonNullable<Given["recent"]>[number],
): RecentEmail {
  const [assistant = "", team = caller.team] = email.as.split("/").reverse();
  return {
    receipt: "some",
    team,
    assistant,
    at: ago(now, email.ago),
    recipients: email.to.map(baseOf),
    ...(team === caller.team && { fingerprint: fingerprint(`${email.subject ?? ""}\n${email.body ?? ""}`) }),
  };
}

function usage(
  policy: TeamPolicy,
  caller: AssistantRef,
  action: Action,
  { context, used }: { context: Context; used: Given["used"] },
): readonly LimitUsage[] {
  const assistant = policy.assistants.get(caller.assistant);
  if (assistant === undefined || used === undefined) return [];
  const counted = { recipients: judgedRecipients(policy, action, context), person: context.person };
  return limitCounters(policy, assistant, counted).map(({ limit, recipient, domain, rate }) => ({
    limit,
    windowMs: rate.windowMs,
    used: usedIn(used[limit], rate.windowMs),
    ...(recipient !== undefined && { recipient }),
    ...(domain !== undefined && { domain }),
  }));
}

function usedIn(used: UsedCount = 0, windowMs: number): number {
  if (typeof used === "number") return used;
  const name = windowName(windowMs);
  return name === undefined ? 0 : (used[name] ?? 0);
}

function ago(now: number, duration: string | undefined): number {
  return duration === undefined ? now : now - (parseDuration(duration) ?? 0);
}

function patternOf(text: string): AddressPattern | string {
  const parsed = parseAddressPattern(text);
  return parsed.ok ? parsed.pattern : text;
}

function baseOf(text: string): string {
  const parsed = parseAddress(text);
  return parsed.ok ? parsed.address.base : text;
}
