import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { MultiMailError, type MultiMailErrorCode, type MultiMailFailure } from "@countersign/multimail";
import { pino } from "pino";
import { CallGuard, type CallLimits } from "./call_guard.ts";

/** A guard whose clock a test sets. */
function guardAt(limits: Partial<CallLimits> = {}) {
  const time = { now: 0 };
  const log = pino({ level: "silent" });
  return { time, guard: new CallGuard({ clock: () => time.now, log, name: "KEY", limits }) };
}

async function fail(guard: CallGuard, code: MultiMailErrorCode, rest: Partial<MultiMailFailure> = {}) {
  const error = new MultiMailError("Cannot", { code, outcome: "not_accepted", ...rest });
  await assert.rejects(
    guard.run(() => Promise.reject(error)),
    error,
  );
}

/** What became of a call that would be answered. */
async function tryCall(guard: CallGuard): Promise<unknown> {
  try {
    return await guard.run(async () => "made");
  } catch (error) {
    assert.ok(error instanceof MultiMailError);
    assert.equal(error.outcome, "not_accepted", "a call that is held back certainly did nothing");
    return [error.code, error.retryAfterMs];
  }
}

test("CallGuard makes no call before a 429's Retry-After is over", async () => {
  const { time, guard } = guardAt();
  await fail(guard, "rate", { status: 429, retryAfterMs: 3_000 });
  time.now = 2_999;
  assert.deepEqual(await tryCall(guard), ["rate", 1]);
  time.now = 3_000;
  assert.equal(await tryCall(guard), "made");
});

test("CallGuard pauses for a moment after a 429 without Retry-After, and never for longer than its bound", async () => {
  const { time, guard } = guardAt({ maxPauseMs: 5_000 });
  await fail(guard, "rate", { status: 429 });
  assert.deepEqual(await tryCall(guard), ["rate", 1_000]);
  time.now = 1_000;
  await fail(guard, "rate", { status: 429, retryAfterMs: 24 * 60 * 60_000 });
  assert.deepEqual(await tryCall(guard), ["rate", 5_000]);
});

test("CallGuard is not stopped by one mailbox's warm-up, nor by the month's quota", async () => {
  const { guard } = guardAt();
  await fail(guard, "warmup", { status: 429, retryAfterMs: 60_000 });
  await fail(guard, "quota", { status: 429, retryAfterMs: 60_000 });
  assert.equal(await tryCall(guard), "made");
});

test("CallGuard opens after failures in a row, of every kind, and tells how long to wait", async () => {
  const { time, guard } = guardAt({ failures: 3, openMs: 2_000 });
  await fail(guard, "unavailable");
  await fail(guard, "unknown_outcome", { outcome: "unknown" });
  await fail(guard, "unavailable", { status: 503, outcome: "unknown" });
  assert.deepEqual(await tryCall(guard), ["unavailable", 2_000]);
  time.now = 2_000;
  assert.equal(await tryCall(guard), "made");
});

test("CallGuard does not open because MultiMail refuses requests", async () => {
  const { guard } = guardAt({ failures: 2 });
  for (const code of ["rejected", "forbidden", "not_found", "conflict", "auth", "quota"] as const) {
    await fail(guard, code, { status: 400 });
  }
  assert.equal(await tryCall(guard), "made");
});

test("CallGuard does not open, nor close, because of requests that were never made", async () => {
  const { time, guard } = guardAt({ failures: 2, openMs: 10 });
  await fail(guard, "unavailable");
  await fail(guard, "rejected");
  await fail(guard, "unavailable");
  time.now = 10;
  await fail(guard, "rejected");
  await fail(guard, "unavailable");
  assert.deepEqual(await tryCall(guard), ["unavailable", 20]);
});

test("CallGuard runs a bounded number of calls, queues a bounded number and refuses the rest", async () => {
  const { guard } = guardAt({ running: 2, waiting: 3, maxWaitMs: 7_000 });
  const open = sleep(20);
  let [running, most] = [0, 0];
  const calls = Array.from({ length: 8 }, () =>
    guard
      .run(async () => {
        most = Math.max(most, ++running);
        await open;
        running--;
        return "made";
      })
      .catch((error: MultiMailError) => [error.code, error.outcome, error.retryAfterMs]),
  );
  const refused = ["unavailable", "not_accepted", 7_000];
  assert.deepEqual(await Promise.all(calls), [
    ...["made", "made", "made", "made", "made"],
    ...[refused, refused, refused],
  ]);
  assert.equal(most, 2);
});

test("CallGuard does not make calls that queued while it was told to stop", async () => {
  const { guard } = guardAt({ running: 1 });
  let made = 0;
  const first = fail(guard, "rate", { status: 429, retryAfterMs: 9_000 });
  const queued = Array.from({ length: 5 }, () => guard.run(async () => made++).catch(({ code }) => code));
  await first;
  assert.deepEqual(await Promise.all(queued), ["rate", "rate", "rate", "rate", "rate"]);
  assert.equal(made, 0);
});

test("CallGuard leaves MultiMail alone about the mailbox that met its limit, and not about others", async () => {
  const { time, guard } = guardAt();
  const rate = new MultiMailError("Cannot", {
    code: "rate",
    outcome: "not_accepted",
    status: 429,
    retryAfterMs: 3_000,
  });
  const limit = (mailbox: string) =>
    assert.rejects(
      guard.run(() => Promise.reject(rate), mailbox),
      rate,
    );
  const refusalOf = async (mailbox: string) => {
    const error = await guard.run(async () => undefined, mailbox).catch((error: MultiMailError) => error);
    return error && [error.code, error.limits, error.retryAfterMs];
  };
  await limit("a");
  assert.deepEqual(await refusalOf("a"), ["rate", "mailbox", 3_000]);
  assert.equal(await refusalOf("b"), undefined);
  time.now = 1_000;
  // Two that meet it have one between them.
  await limit("b");
  for (const mailbox of ["a", "b", "c"])
    assert.deepEqual(await refusalOf(mailbox), ["rate", "account", 3_000]);
  time.now = 4_000;
  for (const mailbox of ["a", "b", "c"]) assert.equal(await refusalOf(mailbox), undefined);
});

test("CallGuard leaves MultiMail alone about every mailbox when it says that the limit is the account's", async () => {
  const { guard } = guardAt();
  const failure = { code: "rate", outcome: "not_accepted", limits: "account", retryAfterMs: 3_000 } as const;
  await assert.rejects(guard.run(() => Promise.reject(new MultiMailError("Cannot", failure)), "a"));
  await assert.rejects(
    guard.run(async () => undefined, "b"),
    ({ code, limits }: MultiMailError) => code === "rate" && limits === "account",
  );
});

test("CallGuard keeps room for other mailboxes beside one with many calls", async () => {
  const { guard } = guardAt({ running: 3, runningOfMailbox: 2 });
  let release: (() => void) | undefined;
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  const many = Array.from({ length: 9 }, () => guard.run(() => open, "a"));
  assert.equal(await guard.run(async () => "made", "b"), "made");
  release?.();
  await Promise.all(many);
});
