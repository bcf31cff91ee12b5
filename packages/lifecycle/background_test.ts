import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Background, type BackgroundOptions } from "./background.ts";

/** Lets what was begun come as far as it can without time passing. */
async function settle(): Promise<void> {
  for (let n = 0; n < 20; n++) await Promise.resolve();
}

/** Passes that end when the test says so, on a clock that the test moves. */
function startPasses(t: TestContext, options: Partial<BackgroundOptions> = {}) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const begun: number[] = [];
  const errors: string[] = [];
  let running = 0;
  let end = (_error?: Error): void => undefined;
  const background = new Background({
    pass: (signal) => {
      begun.push(Date.now());
      assert.equal(++running, 1, "never two at once");
      assert.equal(signal.aborted, false);
      return new Promise<void>((resolve, reject) => {
        end = (error) => (error === undefined ? resolve() : reject(error));
      }).finally(() => running--);
    },
    failure: "Cannot do it",
    log: {
      error: ({ err }: { readonly err: Error }, text: string) => errors.push(`${text}: ${err.message}`),
    } as unknown as BackgroundOptions["log"],
    now: Date.now,
    ...options,
  });
  return {
    background,
    /** When passes began. */
    begun,
    errors,
    tick: async (ms: number) => {
      t.mock.timers.tick(ms);
      await settle();
    },
    end: async (error?: Error) => {
      end(error);
      await settle();
    },
  };
}

test("Background begins a pass when the most urgent wish wants", async (t) => {
  const { background, begun, tick, end } = startPasses(t);
  background.within(1_000);
  await tick(400);
  background.within(900);
  background.within(300);
  background.within(500);
  await tick(299);
  assert.deepEqual(begun, []);
  await tick(1);
  assert.deepEqual(begun, [700]);
  await end();
  await tick(10_000);
  assert.deepEqual(begun, [700], "all the wishes are met by one pass");
});

test("Background is not put off by wishes that come one after the other", async (t) => {
  const { background, begun, tick } = startPasses(t);
  for (let n = 0; n < 5; n++) {
    background.within(1_000);
    await tick(250);
  }
  assert.deepEqual(begun, [1_000]);
});

test("Background keeps a wish that comes during a pass, and does not begin two at once", async (t) => {
  const { background, begun, tick, end } = startPasses(t, { nextMs: () => 5_000 });
  void background.run();
  background.within(1_000);
  await tick(700);
  await end();
  await tick(299);
  assert.deepEqual(begun, [0]);
  await tick(1);
  assert.deepEqual(begun, [0, 1_000]);
  background.within(1_000);
  await tick(3_000);
  await end();
  await tick(0);
  assert.deepEqual(begun, [0, 1_000, 4_000], "what was due during the pass is due after it");
});

test("Background.run() begins at once, or shares the pass under way", async (t) => {
  const { background, begun, tick, end } = startPasses(t);
  background.within(1_000);
  const runs = [background.run(), background.run()];
  assert.deepEqual(begun, [0]);
  await end();
  await Promise.all(runs);
  await tick(10_000);
  assert.deepEqual(begun, [0], "a pass that began is the one that was wanted");
});

test("Background.runAnew() waits for a pass that began before, and resolves after one that began since", async (t) => {
  const { background, begun, end } = startPasses(t);
  void background.run();
  let isOver = false;
  const anew = background.runAnew().then(() => {
    isOver = true;
  });
  await end();
  assert.deepEqual(begun, [0, 0]);
  assert.equal(isOver, false);
  await end();
  await anew;
});

test("Background logs a pass that fails, and others follow", async (t) => {
  const { background, begun, errors, tick, end } = startPasses(t, { nextMs: () => 50 });
  const run = background.run();
  await end(new Error("Gone"));
  await run;
  assert.deepEqual(errors, ["Cannot do it: Gone"]);
  await tick(50);
  await end();
  await tick(50);
  assert.deepEqual(begun, [0, 50, 100]);
});

test("Background goes on after a pass that throws before it waits for anything", async (t) => {
  let count = 0;
  const { background, errors, tick } = startPasses(t, {
    pass: () => {
      throw new Error(`Bad ${++count}`);
    },
    nextMs: () => 50,
  });
  await background.run();
  await tick(50);
  assert.deepEqual(errors, ["Cannot do it: Bad 1", "Cannot do it: Bad 2"]);
});

test("Background.stop() tells the pass under way, waits for it, and begins no other", async (t) => {
  let signal: AbortSignal | undefined;
  let end = (): void => undefined;
  const { background, tick } = startPasses(t, {
    pass: (given) => {
      assert.equal(signal, undefined, "only one pass");
      signal = given;
      return new Promise((resolve) => {
        end = resolve;
      });
    },
    nextMs: () => 50,
  });
  void background.run();
  background.within(10);
  let isOver = false;
  const stopped = background.stop().then(() => {
    isOver = true;
  });
  await tick(1_000);
  assert.deepEqual([signal?.aborted, isOver], [true, false]);
  end();
  await stopped;
  background.within(0);
  await Promise.all([background.run(), background.runAnew(), background.stop()]);
  await tick(1_000);
});

test("Background waits as long as a timer can, at most", async (t) => {
  const { background, begun, tick } = startPasses(t);
  background.within(Number.MAX_SAFE_INTEGER);
  await tick(24 * 24 * 60 * 60_000);
  assert.deepEqual(begun, []);
});
