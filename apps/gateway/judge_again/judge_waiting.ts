import { randomUUID } from "node:crypto";
import type { Decision } from "@countersign/core/decision";
import {
  appendOnce,
  findingData,
  judgeWaitingEmail,
  readWaiting,
  type Waiting,
  wasHeld,
} from "@countersign/lifecycle";
import { type MultiMailClient, MultiMailError } from "@countersign/multimail";
import { lifecycleEntry } from "@countersign/trail";
import type { World } from "../enforce/world.ts";

/** For so long nobody else ends the email's waiting: whoever takes it back is long done, or dead. */
const DECIDE_MS = 10 * 60_000;

/** Another gateway that took the decision has carried it out by then, or died. */
const CARRIED_OUT_MS = 30_000;

/** What judging again needs of the world. */
export interface JudgeAgainWorld
  extends Pick<World, "policies" | "trail" | "clock" | "stopOf" | "look" | "log" | "inspector"> {
  readonly live: Pick<World["live"], "get">;
  /** MultiMail for a mailbox, also of a team that is gone; the first that knows it is the right one. */
  readonly clientsOf: (mailboxId: string) => readonly MultiMailClient[];
}

/** What became of an email that was judged again. `later`: it could not be judged, or not taken back, now. */
export interface JudgedAgain {
  readonly result: "gone" | "stands" | "cancelled" | "later";
  readonly team: string;
  /** When it leaves, if it is to leave later; epoch milliseconds. */
  readonly sendAt?: number;
}

/**
 * Judges an email that waits at MultiMail, held or scheduled, by the policies in force; one that may not leave any more
 * is taken back: the denial becomes durable, with the sole right to decide, then MultiMail is asked to cancel, and what
 * it answers becomes durable. After a crash in between, all of it is done again.
 *
 * @throws {TrailUnavailableError}
 */
export async function judgeWaiting(receipt: string, world: JudgeAgainWorld): Promise<JudgedAgain> {
  const waiting = await readWaiting(receipt, world);
  if (waiting === undefined) return { result: "gone", team: "" };
  const team = waiting.intent.team ?? "";
  const sendAt = waiting.data.send_at === null ? undefined : Date.parse(waiting.data.send_at);
  const judged = (result: JudgedAgain["result"]) => ({
    result,
    team,
    ...(sendAt !== undefined && { sendAt }),
  });
  try {
    const policies = world.policies();
    // Only MultiMail knows a reply's subject; others are judged by the trail alone, unless that denies.
    const isReply = waiting.data.action === "reply";
    const seen = isReply ? await showEmail(waiting, world) : undefined;
    if (isReply && seen === undefined) return judged("later");
    const known = { policies, held: wasHeld(waiting), ...(seen !== undefined && { email: seen.email }) };
    const first = await judgeWaitingEmail(waiting, known, world);
    if (first === undefined) return judged("later");
    if (first.effect === "allow") return judged("stands");
    const shown = seen ?? (await showEmail(waiting, world));
    if (shown === undefined) return judged("later");
    if (!WAITS.has(shown.email.status)) {
      await world.look(receipt, "polling");
      return judged("gone");
    }
    const { status, approvedAt } = shown.email;
    const held = status === "pending_send_approval" || approvedAt !== undefined;
    const decision = await judgeWaitingEmail(waiting, { policies, held, email: shown.email }, world);
    if (decision === undefined) return judged("later");
    if (decision.effect === "allow") return judged("stands");
    return judged(await takeBack(waiting, { decision, client: shown.client }, world));
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    world.log.warn({ receipt, code: error.code }, "Cannot judge an email again now; it is tried again");
    return judged("later");
  }
}

/** MultiMail's statuses of email that has not left and can be cancelled. */
const WAITS: ReadonlySet<string> = new Set(["pending_scan", "pending_send_approval", "scheduled"]);

/** The email as MultiMail shows it, and with which key. */
async function showEmail({ mailbox, emailId }: Waiting, { clientsOf }: JudgeAgainWorld) {
  let last: MultiMailError | undefined;
  for (const client of clientsOf(mailbox)) {
    try {
      return { client, email: await client.getEmail(mailbox, emailId) };
    } catch (error) {
      if (!(error instanceof MultiMailError)) throw error;
      last = error;
    }
  }
  if (last !== undefined) throw last;
  return undefined;
}

async function takeBack(
  { receipt, intent, emailId, mailbox }: Waiting,
  { decision, client }: { readonly decision: Decision; readonly client: MultiMailClient },
  world: JudgeAgainWorld,
): Promise<JudgedAgain["result"]> {
  const { trail, clock, log } = world;
  const now = clock();
  const by = { email: emailId, learnt_by: "policy" } as const;
  const findings = decision.findings
    .filter(({ effect }) => effect === "deny")
    .map((finding) => findingData(finding));
  const appended = await trail.tryAppend({
    ...lifecycleEntry({ ...intent, policy: decision.policy }, now, { event: "denied", findings, ...by }),
    claims: [
      { key: `decide:${receipt}`, fingerprint: `${CANCEL} ${randomUUID()}`, expiresAt: now + DECIDE_MS },
    ],
  });
  if (!appended.ok && !(await isOursToFinish(receipt, appended, world))) return "later";
  try {
    const { status } = await client.cancel(mailbox, emailId);
    const cancelled = { event: "cancelled", multimail_status: status, final: true, ...by } as const;
    await appendOnce(
      [{ what: `cancelled of ${receipt}`, entry: lifecycleEntry(intent, clock(), cancelled) }],
      world,
    );
    const rules = findings.map(({ rule }) => rule);
    log.warn(
      { receipt, team: intent.team, rules },
      "Cancelled an email that the policy does not allow any more",
    );
    return "cancelled";
  } catch (error) {
    if (!(error instanceof MultiMailError) || error.code !== "conflict") throw error;
    log.error(
      { receipt, team: intent.team },
      "An email left before it could be cancelled, or somebody decided on it",
    );
    await world.look(receipt, "polling");
    return "gone";
  }
}

const CANCEL = "cancel";

/** Whether the decision to cancel is on record and whoever took it died: then it is carried out again, which does no harm. */
async function isOursToFinish(
  receipt: string,
  refused: { readonly reason: string; readonly fingerprint?: string },
  { trail, clock }: JudgeAgainWorld,
): Promise<boolean> {
  if (refused.reason !== "claimed" || !refused.fingerprint?.startsWith(CANCEL)) return false;
  const denied = (await trail.recordsOf(receipt)).findLast(
    ({ record }) => record.kind === "lifecycle" && record.data.event === "denied",
  );
  return denied !== undefined && clock() - Date.parse(denied.record.at) >= CARRIED_OUT_MS;
}
