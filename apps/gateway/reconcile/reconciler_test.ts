import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { MultiMailClient } from "@countersign/multimail";
import type { World } from "../enforce/world.ts";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import { Reconciler } from "./reconciler.ts";

const WRITER = "marketing/writer";
const HELLO = { to: "jane@acme.example", subject: "Hello", body: "Hello Jane" };
/** A moment: as long as an intent that was taken over is left alone. */
const MOMENT_MS = 1_000;

function startReconciler(t: TestContext, world: World): Reconciler {
  const reconciler = new Reconciler(world);
  t.after(() => reconciler.stop());
  return reconciler;
}

async function isOpen({ world }: TestWorld): Promise<boolean> {
  return (await world.trail.openIntents()).length > 0;
}

test("Reconciler takes an earlier run's intent over, on record, before it asks for it", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const { record } = await stack.askAndDie(WRITER, HELLO, "after_intent");
  const reconciler = startReconciler(t, stack.another());
  await reconciler.start();
  assert.deepEqual(await stack.outbox(), []);
  assert.deepEqual(
    (await stack.outcomes(record.receipt)).map(({ result }) => result),
    ["unknown"],
  );
  stack.advance(MOMENT_MS);
  await reconciler.start();
  assert.equal((await stack.outbox()).length, 1);
  assert.equal(await isOpen(stack), false);
});

test("Reconciler leaves alone what this gateway, or another that serves, waits for", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const world = stack.another();
  const reconciler = startReconciler(t, world);
  await reconciler.start();
  const { record } = await stack.askAndDie(WRITER, HELLO, "after_intent");
  await reconciler.start();
  assert.deepEqual(await stack.outcomes(record.receipt), []);
  world.inFlight.add(record.receipt ?? "");
  stack.advance(60_000);
  await reconciler.start();
  assert.deepEqual(await stack.outcomes(record.receipt), []);
  world.inFlight.clear();
  await reconciler.start();
  stack.advance(MOMENT_MS);
  await reconciler.start();
  assert.equal(await isOpen(stack), false);
});

test("Reconciler settles the others when one intent cannot be looked at", async (t) => {
  const stack = await startWorld(t, TEAMS);
  for (let n = 0; n < 5; n++) {
    await stack.askAndDie("finance/chaser", { ...HELLO, subject: `Held ${n}` }, "after_intent");
  }
  await stack.askAndDie(WRITER, HELLO, "after_intent");
  const reconciler = startReconciler(t, {
    ...stack.another(),
    clientFor: ({ team }) => {
      if (team === "finance") throw new Error("Cannot find the API key");
      return stack.multimail;
    },
  });
  await reconciler.start();
  stack.advance(MOMENT_MS);
  await reconciler.start();
  assert.equal((await stack.outbox()).length, 1);
  assert.equal((await stack.world.trail.openIntents()).length, 5);
});

test("Reconciler is not put off by intents that are left open one after the other", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const { record } = await stack.askAndDie(WRITER, HELLO, "after_intent");
  const reconciler = startReconciler(t, stack.another());
  reconciler.notice(record.receipt ?? "");
  for (let n = 0; n < 5; n++) {
    stack.advance(300);
    reconciler.notice(`rcp_other_${n}`);
    await sleep(300);
  }
  assert.equal(await isOpen(stack), false);
});

/** A client that lets something happen before each email that it sends. */
class InterruptedClient extends MultiMailClient {
  readonly #before: () => Promise<unknown>;

  constructor({ sandbox }: TestWorld, before: () => Promise<unknown>) {
    super({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
    this.#before = before;
  }

  override async send(...args: Parameters<MultiMailClient["send"]>) {
    await this.#before();
    return super.send(...args);
  }
}

test("Reconciler of a gateway that starts sends once what the one that ends is refused", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const reconciler = startReconciler(t, stack.another());
  const client = new InterruptedClient(stack, () => reconciler.start());
  t.after(() => client.close());
  await stack.control("POST", "/sandbox/faults", { fault: "rate_limited" });
  const ending = { ...stack.another(), clientFor: () => client };
  const answer = await stack.ask(WRITER, HELLO, ending);
  // Not "refused, try again": the other gateway is about to ask for it, and the caller's next try would be a second email.
  assert.ok(answer.kind === "taken" && answer.status === "unconfirmed");
  stack.advance(MOMENT_MS);
  await reconciler.start();
  const again = await stack.ask(WRITER, HELLO);
  assert.ok(again.kind === "duplicate" && again.receipt === answer.receipt);
  assert.equal(again.state.status, "queued");
  assert.equal((await stack.outbox()).length, 1);
});

test("Reconciler of a gateway that starts does not ask for what the one that ends was refused", async (t) => {
  const stack = await startWorld(t, TEAMS);
  let listed: Promise<void> | undefined;
  const reconciler = startReconciler(t, stack.another());
  const failPoint = () => {
    listed ??= reconciler.start();
  };
  await stack.control("POST", "/sandbox/faults", { fault: "rate_limited" });
  const answer = await stack.ask(WRITER, HELLO, { ...stack.another(), failPoint });
  await listed;
  stack.advance(MOMENT_MS);
  await reconciler.start();
  const again = await stack.ask(WRITER, HELLO);
  assert.ok(answer.kind === "failed" || (answer.kind === "taken" && answer.status === "unconfirmed"));
  assert.ok(again.kind === (answer.kind === "failed" ? "taken" : "duplicate"));
  assert.equal((await stack.outbox()).length, 1);
});

/** A trail at which something happens around the record of a refusal. */
function aroundRefusal(
  trail: World["trail"],
  around: (append: () => ReturnType<World["trail"]["tryAppend"]>) => ReturnType<World["trail"]["tryAppend"]>,
): World["trail"] {
  const slow: World["trail"] = Object.create(trail);
  slow.tryAppend = (entry) => {
    const append = () => trail.tryAppend(entry);
    return entry.kind === "outcome" && entry.data.result === "refused" ? around(append) : append();
  };
  for (const method of ["append", "recordsOf", "findClaim", "usage", "unseal"] as const) {
    Object.assign(slow, { [method]: trail[method].bind(trail) });
  }
  return slow;
}

test("a refusal that comes to the trail after another gateway took over ends nothing: the email is asked for again", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const reconciler = startReconciler(t, stack.another());
  const trail = aroundRefusal(stack.world.trail, async (append) => {
    await reconciler.start();
    return append();
  });
  await stack.control("POST", "/sandbox/faults", { fault: "rate_limited" });
  const answer = await stack.ask(WRITER, HELLO, { ...stack.another(), trail });
  assert.ok(answer.kind === "taken" && answer.status === "unconfirmed");
  assert.equal((await stack.outbox()).length, 0);
  stack.advance(MOMENT_MS);
  await reconciler.start();
  assert.equal((await stack.outbox()).length, 1);
});

test("a refusal stands when another gateway takes over right after it: the caller may ask again", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const reconciler = startReconciler(t, stack.another());
  const trail = aroundRefusal(stack.world.trail, async (append) => {
    const open = await stack.world.trail.openIntents();
    const appended = await append();
    // It was listed as open before the refusal.
    const late: World["trail"] = Object.create(stack.world.trail);
    late.openIntents = () => Promise.resolve(open);
    for (const method of ["append", "recordsOf", "tryAppend", "unseal"] as const)
      Object.assign(late, { [method]: stack.world.trail[method].bind(stack.world.trail) });
    await startReconciler(t, { ...stack.another(), trail: late }).start();
    return appended;
  });
  await stack.control("POST", "/sandbox/faults", { fault: "rate_limited" });
  const answer = await stack.ask(WRITER, HELLO, { ...stack.another(), trail });
  assert.equal(answer.kind, "failed");
  stack.advance(MOMENT_MS);
  await reconciler.start();
  assert.equal((await stack.outbox()).length, 0);
  const again = await stack.ask(WRITER, HELLO);
  assert.equal(again.kind, "taken");
  assert.equal((await stack.outbox()).length, 1);
});

test("a refusal that comes to the trail after another gateway sent the email lets nobody send it again", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const reconciler = startReconciler(t, stack.another());
  // The gateway that ends stands still before it records the refusal.
  const slow = aroundRefusal(stack.world.trail, async (append) => {
    await reconciler.start();
    stack.advance(MOMENT_MS);
    await reconciler.start();
    return append();
  });
  await stack.control("POST", "/sandbox/faults", { fault: "rate_limited" });
  const answer = await stack.ask(WRITER, HELLO, { ...stack.another(), trail: slow });
  assert.ok(answer.kind === "taken" && answer.status === "unconfirmed");
  const again = await stack.ask(WRITER, HELLO);
  assert.ok(again.kind === "duplicate" && again.receipt === answer.receipt);
  assert.equal(again.state.status, "queued");
  assert.equal((await stack.outbox()).length, 1);
});

test("a late unknown outcome of one gateway does not hide what another one found out", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const reconciler = startReconciler(t, stack.another());
  const client = new InterruptedClient(stack, async () => {
    await reconciler.start();
    stack.advance(MOMENT_MS);
    await reconciler.start();
    await stack.control("POST", "/sandbox/faults", { fault: "drop_after_accept" });
  });
  t.after(() => client.close());
  const answer = await stack.ask(WRITER, HELLO, { ...stack.another(), clientFor: () => client });
  assert.ok(answer.kind === "taken" && answer.status === "unconfirmed");
  const again = await stack.ask(WRITER, HELLO);
  assert.ok(again.kind === "duplicate" && again.state.status === "queued");
  assert.equal((await stack.outbox()).length, 1);
});
