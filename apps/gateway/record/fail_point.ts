/** Where a crash test can have the gateway killed, in the order in which an email passes. */
export const FAIL_POINTS = [
  "before_intent",
  /** The intent is durable; MultiMail knows nothing. */
  "after_intent",
  /** MultiMail has answered; the trail does not know. */
  "after_send",
  /** The outcome is durable; the caller does not know. */
  "after_outcome",
  /** The reconciler is about to ask again. */
  "before_reask",
  /** It was answered; the trail does not know. */
  "after_reask",
] as const;

/** One place where a crash test can have the gateway killed. */
export type FailPoint = (typeof FAIL_POINTS)[number];

const SETTING = /^([a-z_]+)(?::([1-9]\d{0,5}))?$/;
const THIS_MACHINE = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/;

/**
 * What `COUNTERSIGN_FAILPOINT` asks for: to be killed, as by `kill -9`, when a point is passed (`after_send`) or passed for
 * the third time (`after_send:3`). Undefined when it is not set, as always outside of crash tests.
 *
 * @throws {Error} when it names no point, or when MultiMail is not one on this machine: no real gateway starts with it
 */
export function failPointOf(
  setting: string | undefined,
  multimailApiUrl: string,
): ((point: FailPoint) => void) | undefined {
  if (setting === undefined) return undefined;
  const [, name, count = "1"] = SETTING.exec(setting) ?? [];
  if (!FAIL_POINTS.some((point) => point === name)) {
    throw new Error(
      `Cannot use COUNTERSIGN_FAILPOINT "${setting}": it must be one of ${FAIL_POINTS.join(", ")}`,
    );
  }
  if (!THIS_MACHINE.test(multimailApiUrl)) {
    throw new Error(
      "Cannot start with COUNTERSIGN_FAILPOINT: it is for tests with a sandbox on this machine",
    );
  }
  let left = Number(count);
  return (point) => {
    if (point === name && --left === 0) process.kill(process.pid, "SIGKILL");
  };
}
