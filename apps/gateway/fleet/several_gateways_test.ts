import assert from "node:assert/strict";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { isOf, verifyTrail } from "@countersign/trail";
import { openPostgresTrail } from "@countersign/trail/postgres";
import { startPostgres } from "@countersign/trail/testing/start-postgres";
import { startProxy } from "@countersign/trail/testing/start-proxy";
import { bundleGateway } from "../crash/testing/bundle_gateway.ts";
import { startCrashStack } from "../crash/testing/crash_stack.ts";
import { deliveries } from "../crash/testing/deliveries.ts";
import { GatewayFleet } from "../crash/testing/gateway_fleet.ts";
import { untilSettled } from "../crash/testing/until_settled.ts";
import { type RestAnswer, type Stack, startStack } from "../testing/start_stack.ts";

const TEAMS: TeamTexts = {
  "sales.yaml": `
team: sales
mailbox: { id: mbx-sales, address: sales@acme.multimail.dev }
oversight: monitored
assistants:
  - { id: bot, keys: ["KEY"] }
  - { id: other, keys: ["KEY"] }
recipients: { internal: [acme.example], external: deny }
overlap: { window: 24h, similarity: 0.6, action: flag }
`,
  "news.yaml": `
team: news
mailbox: { id: mbx-news, address: news@acme.multimail.dev }
oversight: monitored
assistants: [{ id: writer, keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
`,
  "limited.yaml": `
team: limited
mailbox: { id: mbx-limited, address: limited@acme.multimail.dev }
oversight: monitored
assistants: [{ id: limited-bot, keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
limits: { per_assistant: 10/hour }
`,
};

const server = await startPostgres();
after(() => server.remove());

/** Two gateways on one database, before one sandbox; URLs in turn. */
async function startTwo(t: TestContext): Promise<{ stack: Stack; url: string; both: (n: number) => string }> {
  const url = await server.createDatabase();
  const stack = await startStack(t, TEAMS, {}, { databaseUrl: url });
  const second = await stack.startAnother();
  return { stack, url, both: (n) => [stack.gateway.url, second.url][n % 2] ?? "" };
}

test("What was read through one gateway counts at another, and who is no approver is told by both", async (t) => {
  const careful = {
    "ops.yaml": `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_send
approvers: [lead@acme.example]
assistants:
  - { id: reader, keys: ["KEY"] }
  - { id: writer, keys: ["KEY"] }
recipients: { internal: [acme.example], external: allow }
after_outside_mail: { new_external: deny }
`,
  };
  const stack = await startStack(t, careful, {}, { databaseUrl: await server.createDatabase() });
  const { url } = await stack.startAnother();
  const send = (to: string) =>
    stack.call("POST", "/v1/send", {
      as: "ops/writer",
      at: url,
      body: { to, subject: to, body: `To ${to}` },
    });
  const first = await send("ann@client.example");
  assert.equal(first.status, 202);
  await until(async () => (await stack.lead.listPending()).length === 1);
  await stack.control("POST", "/sandbox/decider", { name: "mallory@evil.example" });
  await stack.lead.decide(first.body.id, "approve");
  await until(async () => {
    const records = await stack.records({ kind: "lifecycle" });
    return records.some(({ record }) => record.data.event === "delivered");
  });
  const mail = { mailbox_id: "mbx-ops", from: "Bob <mallory@evil.example>", subject: "Hi", markdown: "Hi" };
  const { id } = (await stack.control("POST", "/sandbox/inbound", mail)) as { id: string };
  await stack.call("GET", `/v1/mailboxes/mbx-ops/emails/${id}`, { as: "ops/reader" });
  assert.equal((await send("mallory@evil.example")).body.code, "policy_denied");
  assert.equal((await send("ann@client.example")).body.code, undefined);
  for (const at of [url, stack.gateway.url]) {
    await until(async () =>
      JSON.stringify((await stack.call("GET", "/readyz", { at })).body).includes("no approver"),
    );
  }
  const alarms = (await stack.records({ kind: "drift" })).map(({ record }) => record.data.result);
  assert.deepEqual(alarms, ["decided_by_other"], "once for both");
});

test("Two gateways on one PostgreSQL are one: keys, duplicates, limits, overlap, events, alarms", async (t) => {
  const { stack, url, both } = await startTwo(t);
  const send = (n: number, as: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    stack.call("POST", "/v1/send", { as, at: both(n), body: { to: "ann@acme.example", ...body }, headers });

  // First, before mailboxes are looked at again.
  await t.test("a mailbox that one stops is stopped at the other", async () => {
    await stack.control("POST", "/sandbox/mailboxes/mbx-news", { auto_bcc: "spy@evil.example" });
    const copied = await send(0, "news/writer", {
      to: "carl@acme.example",
      subject: "Copied",
      body: "Somebody else gets this",
    });
    assert.equal(copied.status, 202, JSON.stringify(copied.body));
    await until(async () => (await stack.records({ kind: "drift" })).some(isStop));
    await stack.control("POST", "/sandbox/mailboxes/mbx-news", { auto_bcc: null });
    for (const n of [0, 1]) {
      await until(async () => {
        const { body } = await send(n, "news/writer", {
          to: "carl@acme.example",
          subject: `Stopped? ${n}`,
          body: `${Math.random()}`,
        });
        return JSON.stringify(body).includes("mailbox.stopped");
      });
    }
  });

  await t.test("200 calls at a time with one idempotency key are one email", async () => {
    const headers = { "Idempotency-Key": "one-email" };
    const answers = await inTurn(200, (n) =>
      send(n, "sales/bot", { subject: "Once", body: "Only once" }, headers),
    );
    assert.deepEqual(new Set(answers.map(({ body }) => body.receipt)).size, 1);
    assert.equal(await sent(stack, "Once"), 1);
  });

  await t.test("the same email without a key, at both, is one email", async () => {
    await inTurn(50, (n) => send(n, "sales/bot", { subject: "Twice", body: "The same" }));
    assert.equal(await sent(stack, "Twice"), 1);
  });

  await t.test("what a team sent by one overlaps with what another team asks of the other", async () => {
    const email = { to: "bob@acme.example", subject: "Your invoice", body: "Please pay the invoice of May" };
    assert.equal((await send(0, "limited/limited-bot", email)).status, 202);
    const { status, body } = await send(1, "sales/other", email);
    assert.deepEqual([status, body.code], [403, "policy_denied"]);
    assert.ok(body.reasons.every(({ rule }: { rule: string }) => rule === "overlap"));
  });

  await t.test("a limit of 10 over both is 10", async () => {
    const answers = await inTurn(60, (n) =>
      send(n, "limited/limited-bot", { subject: `Limited ${n}`, body: `Number ${n} of many` }),
    );
    assert.equal(answers.filter(({ status }) => status === 202).length, 9);
    assert.ok(answers.every(({ status }) => status === 202 || status === 403 || status === 429));
    // With the one before.
    assert.equal(await sent(stack, "Limited"), 9);
  });

  await t.test("each thing that happens to an email is on record once", async () => {
    await until(async () => {
      const trail = await stack.records();
      const taken = trail.filter(
        ({ record }) => record.kind === "outcome" && record.data.result === "accepted",
      );
      const events = trail
        .filter(isOf("lifecycle"))
        .map(({ record }) => `${record.receipt} ${record.data.event}`);
      assert.equal(new Set(events).size, events.length, "no event is there twice");
      const readbacks = trail
        .filter(({ record }) => record.kind === "readback")
        .map(({ record }) => `${record.receipt} ${record.data.phase}`);
      assert.equal(new Set(readbacks).size, readbacks.length, "no read-back is there twice");
      return events.filter((event) => event.endsWith(" delivered")).length >= taken.length;
    });
  });

  const trail = await openPostgresTrail(url, { readonly: true });
  assert.ok((await verifyTrail(trail)).ok);
  await trail.close();
});

test("A gateway that loses its database sends nothing, says so, and goes on by itself when it is back", async (t) => {
  const { stack, both } = await startTwo(t);
  const send = (n: number, subject: string) =>
    stack.call("POST", "/v1/send", {
      as: "sales/bot",
      at: both(n),
      body: { to: "ann@acme.example", subject, body: `Text of ${subject}` },
    });
  assert.equal((await send(0, "Before")).status, 202);
  await until(async () => (await sent(stack, "Before")) === 1);
  // Some are under way when it goes.
  const underWay = inTurn(20, (n) => send(n, `Under way ${n}.`));
  await server.stop();
  const answers = await underWay;
  for (const n of [0, 1]) {
    const refused = await send(n, `While it is away ${n}`);
    assert.deepEqual([refused.status, refused.body.code], [503, "trail_unavailable"]);
    const ready = await stack.call("GET", "/readyz", { at: both(n) });
    assert.equal(ready.status, 503);
    assert.match(JSON.stringify(ready.body), /The trail cannot be read/);
    assert.doesNotMatch(JSON.stringify(ready.body), /secret_word/);
    assert.equal((await stack.call("GET", "/healthz", { at: both(n) })).status, 200);
  }
  await server.start();
  for (const n of [0, 1]) {
    await until(async () => (await stack.call("GET", "/readyz", { at: both(n) })).status === 200);
    assert.equal((await send(n, `After ${n}`)).status, 202);
  }
  assert.equal(await sent(stack, "While it is away"), 0);
  // Whoever was told that it was taken is right, and all that left is on record.
  await until(async () => (await sent(stack, "After")) === 2);
  const outbox = await stack.outbox();
  const records = await stack.records();
  for (const { idempotency_key: receipt } of outbox) {
    assert.ok(records.some(({ record }) => record.receipt === receipt && record.kind === "intent"));
  }
  assert.equal(new Set(outbox.map(({ subject }) => subject)).size, outbox.length, "none left twice");
  for (const { status, body } of answers) {
    if (status !== 202) assert.equal(body.code, "trail_unavailable", JSON.stringify(body));
  }
});

test("A gateway that is stopped in the middle of an append keeps nobody waiting, and forks nothing", async (t) => {
  const url = await server.createDatabase();
  const proxy = await startProxy(url);
  const stack = await startCrashStack({ databaseUrl: url });
  const program = join(stack.dir, "gateway.mjs");
  await bundleGateway(program);
  const fleets = [proxy.url, url].map(
    (databaseUrl) => new GatewayFleet({ program, env: { ...stack.env, DATABASE_URL: databaseUrl } }),
  );
  t.after(async () => {
    await Promise.all(fleets.map((fleet) => fleet.close()));
    await stack.close();
    await proxy.close();
  });
  const lives = await Promise.all(fleets.map((fleet) => fleet.start()));
  const urls = await Promise.all(lives.map(({ serving }) => serving));
  const send = async (n: number, subject: string) => {
    const response = await fetch(`${urls[n]}/v1/send`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${stack.keyOf("open/open-bot")}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ to: "ann@acme.example", subject, body: `Text of ${subject}` }),
    });
    const { code, status } = (await response.json()) as { readonly code?: string; readonly status?: string };
    return { http: response.status, answer: code ?? status };
  };
  assert.deepEqual(await send(0, "Before"), { http: 202, answer: "queued" });

  const paused = new Promise<void>((resolve) => {
    let isArmed = true;
    proxy.decide((text) => {
      if (isArmed && text.includes("append\0")) {
        isArmed = false;
        // What it asked for is still done: the intent is on record, and it does not know it.
        lives[0]?.kill("SIGSTOP");
        resolve();
      }
      return "pass";
    });
  });
  const interrupted = send(0, "Interrupted");
  await paused;
  const meanwhile = await Promise.all([1, 2, 3, 4, 5].map((n) => send(1, `Meanwhile ${n}`)));
  assert.deepEqual(new Set(meanwhile.map(({ answer }) => answer)), new Set(["queued"]));
  assert.ok(!(await deliveries(stack)).some(({ subject }) => subject === "[Open] Interrupted"));
  lives[0]?.kill("SIGCONT");
  assert.deepEqual(await interrupted, { http: 202, answer: "queued" });
  assert.deepEqual(await send(0, "After"), { http: 202, answer: "queued" });

  const trail = await openPostgresTrail(url, { readonly: true });
  await untilSettled(trail);
  const outbox = await deliveries(stack);
  // Each as the team's policy composes it.
  assert.deepEqual(outbox.map(({ subject }) => subject).sort(), [
    "[Open] After",
    "[Open] Before",
    "[Open] Interrupted",
    ...[1, 2, 3, 4, 5].map((n) => `[Open] Meanwhile ${n}`),
  ]);
  assert.ok((await verifyTrail(trail)).ok);
  await trail.close();
});

function isStop({
  record,
}: {
  readonly record: { readonly data: Readonly<Record<string, unknown>> };
}): boolean {
  return record.data.result === "stopped";
}

function inTurn(count: number, call: (n: number) => Promise<RestAnswer>): Promise<readonly RestAnswer[]> {
  return Promise.all(Array.from({ length: count }, (_, n) => call(n)));
}

/** How many emails left whose subject begins so. */
async function sent(stack: Stack, subject: string): Promise<number> {
  return (await stack.outbox()).filter((message) => message.subject.startsWith(subject)).length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 400) throw new Error("Waited in vain");
    await sleep(50);
  }
}
