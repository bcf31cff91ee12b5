import type { Environment } from "@countersign/host";
import { parseEnv } from "@countersign/host";
import type { Diagnosis } from "../plan/diagnosis.ts";

const WHAT = "multimail";
const TIMEOUT_MS = 5_000;
const TRIES = 3;
const SLOW_MS = 2_000;

/** Clocks that differ by less do no harm; by more, times of sending and of the trail are wrong. */
const SKEW_MS = 5_000;
const LARGE_SKEW_MS = 60_000;

/** One answer of MultiMail: its status, its clock, and when it came. */
interface Answer {
  readonly status: number;
  readonly date: string | null;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** MultiMail can be reached, soon, and its clock is ours. No key is used. */
export async function checkMultimail(env: Environment): Promise<readonly Diagnosis[]> {
  const { multimailApiUrl } = parseEnv(env, ["multimailApiUrl"]);
  const answers: Answer[] = [];
  try {
    for (let i = 0; i < TRIES; i++) answers.push(await ask(`${multimailApiUrl}/health`));
  } catch (error) {
    const message = `MultiMail cannot be reached at ${multimailApiUrl}: ${reasonOf(error)}`;
    const todo = "Look at MULTIMAIL_API_URL, and whether this machine may call out";
    return [{ what: WHAT, level: "problem", message, todo }];
  }
  // Of several, the quickest says most about the way and the clock.
  const [best] = answers.sort((a, b) => a.receivedAt - a.sentAt - (b.receivedAt - b.sentAt));
  return best === undefined ? [] : [judgeAnswer(best), judgeClock(best)];
}

async function ask(url: string): Promise<Answer> {
  const sentAt = Date.now();
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  const receivedAt = Date.now();
  await response.body?.cancel();
  return { status: response.status, date: response.headers.get("date"), sentAt, receivedAt };
}

function judgeAnswer({ status, sentAt, receivedAt }: Answer): Diagnosis {
  const ms = receivedAt - sentAt;
  if (status !== 200) {
    const message = `MultiMail answers ${status} when asked how it is, after ${ms} ms`;
    return {
      what: WHAT,
      level: "warning",
      message,
      todo: "Look at MultiMail's status page, and at MULTIMAIL_API_URL",
    };
  }
  if (ms > SLOW_MS) {
    const message = `MultiMail takes ${ms} ms to answer`;
    return { what: WHAT, level: "warning", message, todo: "Look at the network between here and MultiMail" };
  }
  return { what: WHAT, level: "ok", message: `MultiMail answers in ${ms} ms` };
}

/** Compares the clocks by the header `Date`, which is cut to whole seconds. */
export function judgeClock({ date, sentAt, receivedAt }: Answer): Diagnosis {
  const what = "clock";
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) {
    return {
      what,
      level: "warning",
      message: "MultiMail does not say what time it is",
      todo: "Compare this machine's clock with another one",
    };
  }
  const behind = sentAt - (theirs + 999);
  const ahead = theirs - receivedAt;
  const skew = Math.max(behind, ahead, 0);
  if (skew <= SKEW_MS) return { what, level: "ok", message: "This machine's clock agrees with MultiMail's" };
  const message = `This machine's clock is ${Math.round(skew / 1000)} s ${behind > 0 ? "ahead of" : "behind"} MultiMail's`;
  const level = skew > LARGE_SKEW_MS ? "problem" : "warning";
  return { what, level, message, todo: "Set the clock by a time server (NTP)" };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_MS} ms`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message || cause.name;
}
