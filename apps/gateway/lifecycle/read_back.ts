import type { TeamPolicy } from "@countersign/core/policy";
import { comparedCommitments, compareEmail, type OnceEntry } from "@countersign/lifecycle";
import type { Email } from "@countersign/multimail";
import {
  type Commitment,
  type ReadbackData,
  readbackEntry,
  type StoredRecord,
  type TrailRecord,
} from "@countersign/trail";
import type { World } from "../enforce/world.ts";
import type { MailboxAlarms } from "./mailbox_alarms.ts";

/** What a read-back needs of the world. */
export type ReadBackWorld = Pick<World, "trail" | "live" | "clock"> & { readonly alarms: MailboxAlarms };

/** An email of ours as MultiMail showed it just now. */
export interface ShownEmail {
  readonly policy: TeamPolicy;
  /** All of its receipt so far, oldest first. */
  readonly records: readonly StoredRecord[];
  readonly intent: TrailRecord<"intent">;
  readonly email: Email;
  readonly phase: ReadbackData["phase"];
  /** Behind the intent's commitments; undefined: the trail is asked. */
  readonly values: ReadonlyMap<Commitment, string> | undefined;
}

/**
 * Compares an email at MultiMail with what was authorised, once while it waits and once when it has left: undefined when that
 * is done, or what is to be on record of it. A difference stops the mailbox; one that was found while the email waited stops it once.
 *
 * @throws {TrailUnavailableError}
 */
export async function readBack(shown: ShownEmail, world: ReadBackWorld): Promise<OnceEntry | undefined> {
  const { policy, records, intent, email, phase } = shown;
  const earlier = records.flatMap(({ record }) => (record.kind === "readback" ? [record.data] : []));
  if (earlier.some((one) => one.phase === phase)) return undefined;
  const { differences, unchecked } = await compare(shown, world);
  const match = differences.length === 0;
  const known = earlier.flatMap((one) => one.differences);
  // The alarm first: if the gateway dies in between, all is done again.
  if (differences.some((name) => !known.includes(name))) {
    await world.alarms.raise(policy, { receipt: intent.receipt ?? "", differences });
  }
  const data: ReadbackData = {
    differences,
    email: email.id,
    mailbox: policy.mailbox.id,
    match,
    phase,
    unchecked,
  };
  return {
    what: `${phase} readback of ${intent.receipt}`,
    entry: readbackEntry(intent, world.clock(), data),
  };
}

async function compare(
  shown: ShownEmail,
  { trail, live, clock }: ReadBackWorld,
): Promise<Pick<ReadbackData, "differences" | "unchecked">> {
  const { policy, records, intent, email, phase } = shown;
  const data = intent.data;
  const values = shown.values ?? (await trail.unseal(comparedCommitments(data)));
  const { differences, unchecked } = compareEmail({ intent: data, values, mailbox: policy.mailbox }, email);
  const wasHeld = records.some(({ record }) => record.kind === "lifecycle");
  // MultiMail shows nobody who gets an automatic copy: the mailbox tells, if it is seen after the email left.
  const mailbox = await live.seenSince(policy, wasHeld ? clock() : leftAt(shown, clock()));
  const isCopied =
    mailbox !== undefined &&
    (isUndeclared(mailbox.autoCc, policy.mailbox.autoCc) ||
      isUndeclared(mailbox.autoBcc, policy.mailbox.autoBcc));
  // It was authorised because a person would look at it.
  const isUnapproved = phase === "left" && data.held && !wasHeld && email.approvedAt === undefined;
  return {
    differences: [...differences, ...(isCopied ? ["copies"] : []), ...(isUnapproved ? ["approval"] : [])],
    unchecked: [...unchecked, ...(mailbox === undefined ? ["copies"] : [])],
  };
}

/** The latest moment at which an email that was not seen waiting can have left, as far as anybody says. */
function leftAt({ records, email: { deliveredAt, bouncedAt } }: ShownEmail, now: number): number {
  const outcome = records.findLast(({ record }) => record.kind === "outcome");
  const times = [outcome?.record.at, deliveredAt, bouncedAt].flatMap((at) =>
    at === undefined ? [] : [Date.parse(at)],
  );
  // Clocks differ.
  return Math.min(now, Math.max(...times));
}

function isUndeclared(live: string | undefined, declared: string | undefined): boolean {
  return live !== undefined && live.toLowerCase() !== declared?.toLowerCase();
}
