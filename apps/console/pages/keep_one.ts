import type { ConsoleWorld, SignedIn } from "../console_world.ts";
import { type Decided, decideEmail } from "../deciding/decide_email.ts";
import { decideSeveral } from "./decide_several.ts";
import type { ToldResult } from "./told_results.ts";

/** So many others are rejected with one form. */
const MAX_OTHERS = 20;

/** One of several that say the same, and those that it makes needless. */
export interface KeepOne {
  readonly receipt: string;
  readonly others: readonly string[];
  /** Digests of what was shown of the one that is kept. */
  readonly content: string;
  readonly judgement: string;
  /** For the assistants whose email is rejected. */
  readonly reason: string;
}

/**
 * Approves one of several and rejects the others, each by itself: what becomes of it is told of each. The others wait on
 * unless the approval counts, so that nobody is left without an answer.
 *
 * @throws {TrailUnavailableError}
 */
export async function keepOne(
  { receipt, others, content, judgement, reason }: KeepOne,
  person: SignedIn,
  world: Pick<ConsoleWorld, "store" | "deciding">,
): Promise<readonly ToldResult[]> {
  const { deciding } = world;
  const decided = await decideEmail(
    { receipt, verdict: "approve", person: person.session, content, judgement, reason: KEPT },
    deciding.world,
  );
  const kept: ToldResult = { receipt, decided };
  const receipts = [...new Set(others)].filter((other) => other !== receipt).slice(0, MAX_OTHERS);
  if (!isDone(decided)) return [kept, ...receipts.map((other) => ({ receipt: other, decided: UNTOUCHED }))];
  return [kept, ...(await decideSeveral({ receipts, verdict: "reject", reason }, person, world))];
}

/** Whether it leaves by this approval, at once or when hours open. */
function isDone(decided: Decided): boolean {
  return decided.kind === "decided" && decided.progress !== "waits_for_others";
}

/** Why it was approved, for policies that want to know. */
const KEPT = "The one to keep of several that say much the same";

const UNTOUCHED: Decided = {
  kind: "refused",
  why: "It waits on, since the one to keep does not leave by your approval yet",
};
