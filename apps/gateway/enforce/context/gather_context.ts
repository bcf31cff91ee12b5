import { type Action, isAskedFor, isEmailAction } from "@countersign/core/action";
import {
  type Context,
  composeEmail,
  judgedRecipients,
  type LimitCounter,
  type LimitUsage,
  limitCounters,
  outsideWindow,
  refusedUsers,
  scanOrder,
} from "@countersign/core/decision";
import { defined } from "@countersign/core/optional";
import type { AssistantRef, TeamPolicy } from "@countersign/core/policy";
import type { MultiMailError } from "@countersign/multimail";
import { type Asker, type Call, isProvenBy } from "../call.ts";
import { counterOf } from "../counters.ts";
import type { World } from "../world.ts";
import { fetchOriginal } from "./fetch_original.ts";
import { knownContacts } from "./known_contacts.ts";
import { recentEmails } from "./recent_emails.ts";

/** What the rules need to know, and what could not be found out for them. */
export interface GatheredContext extends Context {
  /** What is judged: the action with what the policy adds to every email. */
  readonly action: Action;
  /** The limits that an email counts against. */
  readonly counters: readonly LimitCounter[];
  /** Why MultiMail did not show the email that is replied to, when it may well show it later. */
  readonly unshown?: MultiMailError;
}

/** What is asked for, by whom. */
export interface AskedFor extends Asker, Pick<Call, "action"> {
  /** Whether the assistant's key came with it; absent: the caller tells. */
  readonly isProven?: boolean;
}

/**
 * Everything that the rules need to know about the world for this action, as values; nothing that the team's policy does
 * not ask about is fetched.
 *
 * @throws {TrailUnavailableError}
 */
export async function gatherContext(
  policy: TeamPolicy | undefined,
  { action: asked, isProven: given, ...by }: AskedFor,
  world: World,
): Promise<GatheredContext> {
  const { caller, person } = by;
  const { team, assistant: id } = caller;
  const isProven = (given ?? isProvenBy(by)) ? undefined : false;
  const assistant = policy?.assistants.get(id);
  // For whoever may not use the assistant nobody is asked anything, and least of all whom an email reaches.
  const isStranger =
    policy !== undefined &&
    assistant !== undefined &&
    refusedUsers({ policy, assistant, context: defined({ person, isProven }) }).length > 0;
  if (policy === undefined || isStranger || !isEmailAction(asked)) {
    const live = policy && world.live.peek(policy);
    return defined({
      ...{ team, assistant: id, person, isProven, action: asked, counters: [], now: world.clock(), live },
    });
  }
  const fetched = asked.name === "reply" ? await fetchOriginal(policy, asked.emailId, world) : undefined;
  const action = composeEmail(policy, asked, fetched?.original);
  // It may take seconds: what the world is like is asked after that.
  const inspection = await world.inspector.inspect(scanOrder(policy, action, fetched ?? {}), {
    team,
    now: world.clock(),
  });
  const live = await world.live.get(policy);
  const stopped = world.stopOf(policy.mailbox.id);
  const { original, unshown } = fetched ?? {};
  const seen: Omit<GatheredContext, "counters"> = defined({
    team,
    assistant: id,
    person,
    isProven,
    action,
    now: world.clock(),
    live,
    stopped,
    original,
    unshown,
    inspection,
  });
  const recipients = judgedRecipients(policy, action, seen);
  const counters = assistant === undefined ? [] : limitCounters(policy, assistant, { recipients, person });
  const readAt = await outsideMailReadAt(policy, world);
  const about = { outsideMailReadAt: readAt, original };
  const [usage, recent, contacts] = await Promise.all([
    usageOf(counters, caller, world),
    recentEmails(policy, recipients.filter(isAskedFor), world),
    knownContacts(policy, recipients.filter(isAskedFor), about, world),
  ]);
  return {
    ...seen,
    counters,
    usage,
    recent,
    ...contacts,
    ...(readAt !== undefined && { outsideMailReadAt: readAt }),
  };
}

/**
 * When anybody of the team first was shown mail from outside in the `after_outside_mail.window` that ends now; epoch
 * milliseconds. The first, not the last: whoever was written to since then may have been so on the word of that mail.
 */
async function outsideMailReadAt(
  policy: TeamPolicy,
  { trail, clock }: Pick<World, "trail" | "clock">,
): Promise<number | undefined> {
  const windowMs = outsideWindow(policy);
  if (windowMs === undefined) return undefined;
  // Half-open, as every window: what is exactly as old no longer counts.
  return trail.firstOutsideRead(policy.team, clock() - windowMs + 1);
}

/** How much of each of these limits is used. */
async function usageOf(
  counters: readonly LimitCounter[],
  caller: AssistantRef,
  { trail, clock }: Pick<World, "trail" | "clock">,
): Promise<readonly LimitUsage[]> {
  if (counters.length === 0) return [];
  const used = await trail.usage(
    counters.map((counter) => counterOf(counter, caller)),
    clock(),
  );
  return counters.map(({ limit, recipient, domain, rate }, index) => ({
    limit,
    windowMs: rate.windowMs,
    used: used[index] ?? 0,
    ...(recipient !== undefined && { recipient }),
    ...(domain !== undefined && { domain }),
  }));
}
