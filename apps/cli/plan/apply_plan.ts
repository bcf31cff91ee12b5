import { type MultiMailClient, MultiMailError } from "@countersign/multimail";
import { printable } from "../terminal/printable.ts";
import type { Operator } from "../terminal/terminal_operator.ts";
import { applyChange, type ChangeAnswer } from "./apply_change.ts";
import type { ChangeRecorder } from "./change_recorder.ts";
import { type ApplicableDifference, type Difference, isApplicable, NEEDS_CODE } from "./difference.ts";
import { formatDifference } from "./format_plan.ts";

/** What became of a difference. */
export interface AppliedDifference {
  readonly difference: Difference;
  readonly result: "applied" | "declined" | "waits_for_code" | "failed";
  /** Why it failed. */
  readonly message?: string;
}

/** What a plan is applied with. */
export interface ApplyPlanOptions {
  /** MultiMail with an admin key. */
  readonly client: MultiMailClient;
  readonly recorder: ChangeRecorder;
  readonly operator: Operator;
  /** Told what MultiMail made, once, before anything else is done: a new mailbox's id, a webhook's secret. */
  readonly onMade: (difference: Difference, answer: ChangeAnswer) => void;
  /** Has codes mailed anew although earlier ones may still be good. */
  readonly newCodes?: boolean;
}

/** How often a code may be mistyped. */
const TRIES = 3;

/**
 * Makes MultiMail as it is declared: first what lets out less, at once; then, if the operator agrees, what lets out more.
 * Changes that need a code go one after the other: with nobody to ask for it, the first that lacks one ends that row.
 *
 * @throws {TrailUnavailableError} when a change cannot be put on record; it is not made then
 */
export async function applyPlan(
  differences: readonly Difference[],
  options: ApplyPlanOptions,
): Promise<readonly AppliedDifference[]> {
  const { operator } = options;
  const applicable = differences.filter(isApplicable);
  const inOrder = (["stricter", "looser"] as const).flatMap((effect) =>
    applicable.filter((difference) => difference.effect === effect),
  );
  const results: AppliedDifference[] = [];
  let isWaiting = false;
  for (const difference of inOrder) {
    const line = printable(`${difference.team ?? "the account"}: ${formatDifference(difference)}`);
    const needsCode = NEEDS_CODE[difference.change.kind];
    let applied: AppliedDifference;
    if (needsCode && isWaiting) {
      applied = { difference, result: "waits_for_code" };
    } else if (difference.effect === "looser" && !(await operator.confirm(`${line}\nMake it so?`))) {
      applied = { difference, result: "declined" };
    } else {
      applied = await applyOne(difference, options);
      operator.say(
        `${WORDS[applied.result]}: ${line}${applied.message ? `\n  ${printable(applied.message)}` : ""}`,
      );
    }
    isWaiting ||= applied.result === "waits_for_code" && !operator.canAnswer;
    results.push(applied);
  }
  return results;
}

const WORDS: Readonly<Record<AppliedDifference["result"], string>> = {
  applied: "Done",
  declined: "Left",
  waits_for_code: "Waits for its code",
  failed: "Failed",
};

async function applyOne(
  difference: ApplicableDifference,
  options: ApplyPlanOptions,
): Promise<AppliedDifference> {
  const { recorder, onMade } = options;
  try {
    const answer = NEEDS_CODE[difference.change.kind]
      ? await applyWithCode(difference, options)
      : await attempt(difference, options);
    if (answer === undefined) return { difference, result: "waits_for_code" };
    onMade(difference, answer);
    await recorder.record(difference, "applied");
    return { difference, result: "applied" };
  } catch (error) {
    if (!(error instanceof MultiMailError)) throw error;
    await recorder.record(difference, "failed", error.message);
    return { difference, result: "failed", message: error.message };
  }
}

/** Undefined: the code is not there yet. */
async function applyWithCode(
  difference: ApplicableDifference,
  options: ApplyPlanOptions,
): Promise<ChangeAnswer | undefined> {
  const { operator, recorder } = options;
  let code = operator.takeCode();
  if (code === undefined) {
    const since = options.newCodes ? undefined : await recorder.codeRequestedAt(difference);
    if (since === undefined) {
      const answer = await attempt(difference, options);
      if (answer.done) return answer;
      await recorder.record(difference, "code_requested");
      const next = operator.canAnswer ? "" : ': run "countersign apply" again with --code';
      operator.say(`MultiMail has mailed a code to the account's operator; it is good for 24 hours${next}`);
    } else {
      operator.say(
        `MultiMail mailed a code at ${new Date(since).toISOString()} (--new-code asks for another)`,
      );
    }
    code = await operator.askCode("Code from that email (Enter: later)");
  }
  for (let tries = 1; code !== undefined; tries++) {
    try {
      const answer = await attempt(difference, options, code);
      if (answer.done) return answer;
    } catch (error) {
      const isWrong = error instanceof MultiMailError && error.code === "forbidden";
      if (!isWrong || tries === TRIES || !operator.canAnswer) throw error;
      await recorder.record(difference, "failed", error.message);
    }
    code = await operator.askCode("MultiMail does not take this code; try again (Enter: later)");
  }
  return undefined;
}

async function attempt(
  difference: ApplicableDifference,
  { client, recorder }: ApplyPlanOptions,
  code?: string,
): Promise<ChangeAnswer> {
  // Having a code mailed changes nothing yet.
  if (code !== undefined || difference.change.kind !== "loosen")
    await recorder.record(difference, "applying");
  return applyChange(client, difference.change, code);
}
