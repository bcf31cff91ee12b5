import { type Address, parseAddress } from "@countersign/core/address";
import {
  isFitToShow,
  type JudgedRecipient,
  type OriginalEmail,
  wantsContacts,
} from "@countersign/core/decision";
import type { TeamPolicy } from "@countersign/core/policy";
import { MultiMailError } from "@countersign/multimail";
import type { LifecycleEvent, StoredRecord } from "@countersign/trail";
import type { World } from "../world.ts";
import { emailsTo } from "./emails_to.ts";
import { mailboxEmail } from "./mailbox_email.ts";

/** How many of a recipient's latest emails are looked at: one that left is enough. */
const MAX_EARLIER = 100;

/** How many pages of 100 of what MultiMail finds by a sender's text are read: mostly it finds nobody else. */
const MAX_PAGES = 5;

/** What says that an email left. */
const LEFT: ReadonlySet<LifecycleEvent> = new Set(["sent", "delivered", "bounced", "complained"]);

/** What is known of the recipients of an email; each by `Address.base`. */
export interface Contacts {
  /** To whom email of the team left, or who wrote to it. */
  readonly knownContacts: ReadonlySet<string>;
  /** To whom email of the team had left when it read mail from outside. */
  readonly writtenBefore: ReadonlySet<string>;
}

/** What is known besides the recipients. */
export interface KnownContactsOptions {
  /** When the team first read mail from outside; epoch milliseconds. Absent: not lately. */
  readonly outsideMailReadAt: number | undefined;
  /** The email that is replied to. */
  readonly original: OriginalEmail | undefined;
}

/**
 * Those recipients whom the team wrote to, as the trail knows, or heard from, as MultiMail knows. What cannot be found out
 * is not known, and nothing is looked up that the policy does not ask about.
 */
export async function knownContacts(
  policy: TeamPolicy,
  recipients: readonly JudgedRecipient[],
  { outsideMailReadAt, original }: KnownContactsOptions,
  world: World,
): Promise<Contacts> {
  const wantsFirst = wantsContacts(policy);
  if (!wantsFirst && outsideMailReadAt === undefined) return NOBODY;
  const addresses = new Map(
    recipients.flatMap(({ parsed }) => (parsed.ok ? [[parsed.address.base, parsed.address] as const] : [])),
  );
  const known = new Set<string>();
  const before = new Set<string>();
  await Promise.all(
    [...addresses.values()].map(async (address) => {
      const { base } = address;
      const written = await writtenTo(policy, base, outsideMailReadAt, world);
      if (written.before) before.add(base);
      if (!wantsFirst) return;
      if (written.ever || isSenderOf(original, base) || (await heardFrom(policy, address, world))) {
        known.add(base);
      }
    }),
  );
  return { knownContacts: known, writtenBefore: before };
}

const NOBODY: Contacts = { knownContacts: new Set(), writtenBefore: new Set() };

/** Whether email of the team to this recipient left at all, and before `time` (epoch milliseconds). */
async function writtenTo(
  { team }: TeamPolicy,
  recipient: string,
  time: number | undefined,
  { trail }: Pick<World, "trail">,
): Promise<{ readonly ever: boolean; readonly before: boolean }> {
  let ever = false;
  for await (const { record } of emailsTo(recipient, { team, limit: MAX_EARLIER }, { trail })) {
    // What was asked for later cannot have left before.
    if (ever && time !== undefined && Date.parse(record.at) >= time) continue;
    const leftAt = leavingOf(await trail.recordsOf(record.receipt ?? ""));
    if (leftAt === undefined) continue;
    ever = true;
    if (time === undefined || leftAt < time) return { ever, before: time !== undefined };
  }
  return { ever, before: false };
}

/** When an email left at the latest, as its records say; undefined: it did not, as far as is known. */
function leavingOf(records: readonly StoredRecord[]): number | undefined {
  const times = records.flatMap(({ record }) => {
    if (record.kind !== "lifecycle" || record.data.event === "unknown") return [];
    const { event, happened_at } = record.data;
    return LEFT.has(event) ? [Math.min(Date.parse(record.at), Date.parse(happened_at ?? record.at))] : [];
  });
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The sender of an email replied to was heard from. Of an email of the mailbox's own nobody was. */
function isSenderOf(original: OriginalEmail | undefined, base: string): boolean {
  if (original === undefined || !original.ok || original.isOwn === true) return false;
  const sender = original.participants[0]?.parsed;
  return sender?.ok === true && sender.address.base === base;
}

/**
 * Whether this very address is the sender of an email that assistants may be shown. MultiMail looks for a part of the
 * sender's text, display name included: that finds others too, who are passed over.
 */
async function heardFrom(policy: TeamPolicy, { key, base }: Address, world: World): Promise<boolean> {
  try {
    for (const sender of new Set([base, key])) {
      let cursor: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const { emails, cursor: next } = await world.clientFor(policy).listEmails(policy.mailbox.id, {
          direction: "inbound",
          sender,
          limit: 100,
          ...(cursor !== undefined && { cursor }),
        });
        for (const email of emails) {
          const parsed = parseAddress(email.from);
          if (!parsed.ok || parsed.address.base !== base) continue;
          const seen = await mailboxEmail(email, world);
          if (!seen.isOwn && isFitToShow(seen)) return true;
        }
        if (next === undefined) break;
        cursor = next;
      }
    }
    return false;
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    return false;
  }
}
