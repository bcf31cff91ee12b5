import type { Decision } from "@countersign/core/decision";
import { findingData, judgeWaitingEmail, readWaiting, type Waiting, wasHeld } from "@countersign/lifecycle";
import { type MultiMailClient, MultiMailError } from "@countersign/multimail";
import { expireWaiting } from "./expire_waiting.ts";
import { expiryOf, isDecided } from "./expiry_of.ts";
import type { JudgeAgainWorld } from "./judge_again_world.ts";
import { showEmail } from "./show_email.ts";
import { takeBack } from "./take_back.ts";

/** What became of an email that was judged again. `later`: it could not be judged, or not taken back, now. */
export interface JudgedAgain {
  readonly result: "gone" | "stands" | "cancelled" | "expired" | "later";
  readonly team: string;
  /** When it expires, if nobody decides on it until then; epoch milliseconds. */
  readonly expiresAt?: number;
  /** What was decided on it is yet to be carried out, or lapses: then it waits for people again. */
  readonly isDecided?: true;
  /** When it leaves, if it is to leave later; epoch milliseconds. */
  readonly sendAt?: number;
}

/**
 * Judges an email that waits at MultiMail, held or scheduled, by the policies in force; one that may not leave any more
 * is taken back: the denial becomes durable, with the sole right to decide, then MultiMail is asked to cancel, and what
 * it answers becomes durable. After a crash in between, all of it is done again. One on which nobody decided for so long
 * that the policy gives up is taken back in the same way, whatever it would be judged to be.
 *
 * @throws {TrailUnavailableError}
 */
export async function judgeWaiting(receipt: string, world: JudgeAgainWorld): Promise<JudgedAgain> {
  const waiting = await readWaiting(receipt, world);
  if (waiting === undefined) return { result: "gone", team: "" };
  const team = waiting.intent.team ?? "";
  const sendAt = waiting.data.send_at === null ? undefined : Date.parse(waiting.data.send_at);
  const policies = world.policies();
  const expiresAt = expiryOf(waiting, policies);
  const judged = (result: JudgedAgain["result"]) => ({
    result,
    team,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(isDecided(waiting) && { isDecided: true as const }),
    ...(sendAt !== undefined && { sendAt }),
  });
  try {
    if (expiresAt !== undefined && expiresAt <= world.clock())
      return judged(await expireWaiting(waiting, world));
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
    return judged(await deny(waiting, { decision, client: shown.client }, world));
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    world.log.warn({ receipt, code: error.code }, "Cannot judge an email again now; it is tried again");
    return judged("later");
  }
}

/** MultiMail's statuses of email that has not left and can be cancelled. */
const WAITS: ReadonlySet<string> = new Set(["pending_scan", "pending_send_approval", "scheduled"]);

async function deny(
  waiting: Waiting,
  { decision, client }: { readonly decision: Decision; readonly client: MultiMailClient },
  world: JudgeAgainWorld,
): Promise<JudgedAgain["result"]> {
  const { receipt, intent } = waiting;
  const findings = decision.findings
    .filter(({ effect }) => effect === "deny")
    .map((finding) => findingData(finding));
  const taken = await takeBack(
    waiting,
    { event: "denied", findings, policy: decision.policy, client },
    world,
  );
  if (taken !== "cancelled") return taken;
  const rules = findings.map(({ rule }) => rule);
  world.log.warn(
    { receipt, team: intent.team, rules },
    "Cancelled an email that the policy does not allow any more",
  );
  return "cancelled";
}
