import type { Verdict } from "@countersign/core/approval";
import type { ConsoleWorld, SignedIn } from "../console_world.ts";
import { type Decided, decideEmail } from "../deciding/decide_email.ts";
import type { OpenedEmail } from "../store/console_store.ts";
import { subjectOf } from "./queue_rows.ts";
import type { ToldResult } from "./told_results.ts";

/** So many are decided on at the same time: each asks MultiMail several times. */
const AT_ONCE = 4;

/** What is decided on several emails. */
export interface SeveralDecisions {
  readonly receipts: readonly string[];
  readonly verdict: Exclude<Verdict, "changes">;
  readonly reason: string;
}

/**
 * Decides on several emails, each by itself, and tells of each what became of it, in their order. Only what this person
 * opened in this sign-in is approved, each as it was then; nothing leaves by a rejection, which is bound to nothing shown.
 *
 * @throws {TrailUnavailableError}
 */
export async function decideSeveral(
  { receipts, verdict, reason }: SeveralDecisions,
  person: SignedIn,
  { store, deciding }: Pick<ConsoleWorld, "store" | "deciding">,
): Promise<readonly ToldResult[]> {
  const opened = await store.openedIn(person.sessionHash, receipts);
  const decide = async (receipt: string): Promise<Decided> => {
    const team = deciding.waiting.get(receipt)?.team;
    if (team === undefined || !person.roles.approves.has(team)) return { kind: "not_held", reason: "gone" };
    const shown = opened.get(receipt);
    if (verdict === "approve" && shown === undefined) return NOT_OPENED;
    const { content, judgement }: Omit<OpenedEmail, "receipt"> = shown ?? { content: "", judgement: "" };
    return decideEmail(
      { receipt, verdict, person: person.session, content, judgement, reason },
      deciding.world,
    );
  };
  const results: ToldResult[] = [];
  const left = receipts.entries();
  const work = async () => {
    for (const [index, receipt] of left) {
      const email = deciding.waiting.get(receipt);
      const subject = email && person.roles.approves.has(email.team) ? subjectOf(email) : undefined;
      results[index] = { receipt, decided: await decide(receipt), ...(subject !== undefined && { subject }) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

const NOT_OPENED: Decided = {
  kind: "refused",
  why: "You have not opened it since you signed in: open it, read it, and then approve it there or here",
};
