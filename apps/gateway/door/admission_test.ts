import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { linkTeams } from "@countersign/lifecycle/testing/link-teams";
import { until } from "@countersign/lifecycle/testing/until";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import type { TrailRecord } from "@countersign/trail";
import { DustClient } from "../testing/dust_client.ts";
import { SALES_MAILBOX, salesTeams } from "../testing/sales_teams.ts";
import { startGate } from "../testing/start_gate.ts";
import { type RestAnswer, type Stack, startStack } from "../testing/start_stack.ts";
import { Admission, type AdmissionLimits, BusyError, maxBodyBytes, type Ticket } from "./admission.ts";

const EMAIL = { to: ["bob@acme.example"], subject: "Hi", body: "Hello" };

function admissionOf(limits: Partial<AdmissionLimits>, clock: () => number = () => 0): Admission {
  return new Admission({ clock, limits });
}

const tooMany = (error: unknown) => error instanceof BusyError && error.code === "too_many_requests";
const gatewayBusy = (error: unknown) => error instanceof BusyError && error.code === "gateway_busy";

test("Admission lets a caller's requests wait for one another, and nobody else's", async () => {
  const admission = admissionOf({ running: 2, waiting: 1 });
  const [first, second] = [await admission.enter("a"), await admission.enter("a")];
  let isIn = false;
  const third = admission.enter("a").then((ticket) => {
    isIn = true;
    return ticket;
  });
  await assert.rejects(admission.enter("a"), gatewayBusy);
  const other = await admission.enter("b");
  await nextTick();
  assert.equal(isIn, false);
  first.leave();
  const ticket = await third;
  second.leave();
  ticket.leave();
  other.leave();
  for (const entered of [await admission.enter("a"), await admission.enter("a")]) entered.leave();
});

test("Admission counts what goes on after a caller has hung up", async () => {
  const admission = admissionOf({ running: 1, waiting: 0 });
  const ticket = await admission.enter("a");
  ticket.hold();
  ticket.leave();
  await assert.rejects(admission.enter("a"), gatewayBusy);
  ticket.leave();
  const next = await admission.enter("a");
  next.leave();
  next.hold();
  await assert.rejects(admission.enter("a"), gatewayBusy);
  next.leave();
  (await admission.enter("a")).leave();
});

test("Admission ends a wait that is too long", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const admission = admissionOf({ running: 1, maxWaitMs: 5_000 });
  const ticket = await admission.enter("a");
  const waiting = assert.rejects(admission.enter("a"), gatewayBusy);
  t.mock.timers.tick(5_000);
  await waiting;
  ticket.leave();
  (await admission.enter("a")).leave();
});

test("Admission refuses early while the first of a caller's queue has waited for long, and no longer than that", async () => {
  let now = 0;
  const admission = admissionOf({ running: 1, standsMs: 500 }, () => now);
  const running = await admission.enter("a");
  const waiting = [admission.enter("a"), admission.enter("a")];
  now = 500;
  waiting.push(admission.enter("a"));
  now = 501;
  await assert.rejects(admission.enter("a"), gatewayBusy);
  (await admission.enter("b")).leave();
  running.leave();
  for (const ticket of waiting) (await ticket).leave();
  (await admission.enter("a")).leave();
});

test("Admission lets no more of a caller wait than it lets in soon, by its pace", async () => {
  let now = 0;
  const admission = admissionOf({ running: 1, standsMs: 500 }, () => now);
  let running = await admission.enter("a");
  const waiting: Promise<Ticket>[] = [];
  const refused = async () => {
    const entered = admission.enter("a");
    waiting.push(entered);
    return Promise.race([
      entered.then(
        () => false,
        () => true,
      ),
      nextTick(false),
    ]);
  };
  // What comes in each 100 ms is half of what asks.
  for (let round = 0; round < 200; round++) {
    now += 100;
    const next = waiting.shift();
    running.leave();
    running = await (next ?? admission.enter("a"));
    for (let asked = 0; asked < 2; asked++) if (await refused()) waiting.pop();
    assert.ok(waiting.length <= 6, `${waiting.length} wait`);
  }
  running.leave();
  for (const ticket of waiting) (await ticket).leave();
  // Nothing of it is left: what comes all at a time waits.
  const burst = Array.from({ length: 100 }, () => admission.enter("a"));
  for (const ticket of burst) (await ticket).leave();
});

test("Admission keeps room for others, however many callers keep what they have", async () => {
  const admission = admissionOf({ running: 8, allRunning: 64, least: 2, waiting: 0 });
  const kept = new Map<number, number>();
  for (let caller = 0; caller < 50; caller++) {
    for (let asked = 0; asked < 8; asked++) {
      const keep = () => kept.set(caller, (kept.get(caller) ?? 0) + 1);
      await admission.enter(`${caller}`).then(keep, (error) => assert.ok(gatewayBusy(error)));
    }
  }
  assert.equal(kept.get(0), 8);
  assert.deepEqual([...kept.values()].slice(-30), Array(30).fill(2));
});

test("Admission lets callers in by turns when there is room again", async () => {
  const admission = admissionOf({ running: 8, allRunning: 2, least: 0, waiting: 8 });
  const first = [await admission.enter("a"), await admission.enter("b")];
  const order: string[] = [];
  const enter = (who: string) =>
    admission.enter(who).then((ticket) => {
      order.push(who);
      ticket.leave();
    });
  const all = ["a", "a", "a", "c", "c", "d"].map(enter);
  for (const ticket of first) ticket.leave();
  await Promise.all(all);
  assert.deepEqual(order, ["a", "c", "d", "a", "c", "a"]);
});

test("Admission bounds all callers together", async () => {
  const admission = admissionOf({ allRequests: 2, allBytes: 100 });
  const [a, b] = [await admission.enter("a"), await admission.enter("b")];
  await assert.rejects(admission.enter("c"), gatewayBusy);
  a.takeBytes(60);
  assert.throws(() => b.takeBytes(60), gatewayBusy);
  a.leave();
  b.takeBytes(60);
  b.leave();
});

test("Admission bounds a caller's bytes under way", async () => {
  const admission = admissionOf({ bytes: 100 });
  const [first, second, other] = await Promise.all(["a", "a", "b"].map((who) => admission.enter(who)));
  first?.takeBytes(60);
  assert.throws(() => second?.takeBytes(60), tooMany);
  other?.takeBytes(60);
  first?.leave();
  second?.takeBytes(60);
});

test("Admission bounds a caller's requests a minute, besides email that leaves, and says when to try again", async () => {
  let now = 0;
  const admission = admissionOf({ requestsPerMinute: 3 }, () => now);
  const ticket = await admission.enter("a");
  ticket.charge(3);
  assert.throws(
    () => ticket.charge(),
    (error: BusyError) => tooMany(error) && error.retryAfterMs === 20_000,
  );
  (await admission.enter("b")).charge();
  now = 20_000;
  ticket.charge();
  ticket.settle({ kind: "failed", code: "not_found", message: "" });
  assert.throws(() => ticket.charge(), tooMany);
  const next = await admission.enter("a");
  now = 40_000;
  for (let sent = 0; sent < 10; sent++) {
    next.charge();
    const taken = { kind: "taken", receipt: "r", status: "queued", decision: {} };
    next.settle(taken as unknown as Parameters<typeof next.settle>[0]);
  }
  next.charge();
  assert.throws(() => next.charge(), tooMany);
});

test("maxBodyBytes() follows what the policy could accept", () => {
  const bytesOf = (changes: Record<string, unknown>, assistant = "bot") =>
    maxBodyBytes(linkTeams(withFreshKeys(salesTeams(changes)).teams), { team: "sales", assistant });
  const attachments = { allow: ["text/csv"], max_bytes: "1MB" };
  assert.equal(bytesOf({}), 3 * 2 ** 20);
  assert.equal(bytesOf({ attachments }), 3 * 2 ** 20 + 1_400_000);
  assert.equal(bytesOf({ attachments }, "other"), 3 * 2 ** 20);
  assert.equal(bytesOf({ attachments: { ...attachments, max_bytes: "25MB" } }), 16 * 2 ** 20);
});

async function refusedRecords(stack: Stack): Promise<readonly TrailRecord[]> {
  return (await stack.records({ kind: "refused" })).map(({ record }) => record);
}

test("the REST door answers 429 to reads and invalid requests that are too many, while email goes on", async (t) => {
  const stack = await startStack(t, salesTeams(), {}, { variables: { REQUESTS_PER_MINUTE: "20" } });
  const paths: readonly [method: string, path: string, body?: unknown][] = [
    ["GET", `/v1/mailboxes/${SALES_MAILBOX}/inbox`],
    ["POST", "/v1/send", "{"],
    ["GET", "/v1/nothing"],
    [
      "POST",
      `/v1/mailboxes/${SALES_MAILBOX}/send`,
      { to: ["spy@rival.example"], subject: "x", markdown: "y" },
    ],
  ];
  const statuses: number[] = [];
  for (let asked = 0; asked < 40; asked++) {
    const [method, path, body] = paths[asked % paths.length] ?? ["GET", "/"];
    const answer = await stack.call(method, path, { as: "sales/bot", body });
    statuses.push(answer.status);
    if (answer.status !== 429) continue;
    assert.equal(answer.body.code, "too_many_requests");
    assert.ok(Number(answer.headers.get("retry-after")) >= 1);
  }
  assert.ok(!statuses.slice(0, 20).includes(429));
  assert.ok(statuses.filter((status) => status === 429).length >= 10);
  assert.equal((await stack.call("GET", "/v1/receipts/x", { as: "sales/other" })).status, 404);
  await until(async () => (await refusedRecords(stack)).length > 0);
  const [record] = await refusedRecords(stack);
  const refused = { door: "rest", code: "too_many_requests", count: 1, assistant: "sales/bot" };
  assert.deepEqual(record?.data, { refused: [refused] });
});

test("the REST door does not count email that leaves", async (t) => {
  const stack = await startStack(t, salesTeams(), {}, { variables: { REQUESTS_PER_MINUTE: "5" } });
  for (let sent = 0; sent < 20; sent++) {
    const body = { ...EMAIL, subject: `Number ${sent}` };
    assert.equal((await stack.call("POST", "/v1/send", { as: "sales/bot", body })).status, 202);
  }
});

test("the MCP door answers calls that are too many as their result, and what else is too many by the status", async (t) => {
  const stack = await startStack(t, salesTeams(), {}, { variables: { REQUESTS_PER_MINUTE: "8" } });
  const dust = new DustClient(stack.gateway.url, stack.keyOf("sales/bot"));
  const post = (body: unknown) => stack.call("POST", "/mcp", { as: "sales/bot", body });
  const message = (id: number, method: string, params: unknown) => ({ jsonrpc: "2.0", id, method, params });
  const call = (id: number) => message(id, "tools/call", { name: "check_inbox", arguments: {} });
  const batch = await post([1, 2, 3, 4, 5].map(call));
  assert.equal(batch.status, 200);
  assert.match((await dust.call("email_status", {})).text, /^FAILED \(not_found\)/);
  assert.equal((await post(call(1))).body.result.isError, false);
  const refused = await post([1, 2, 3, 4, 5].map(call));
  assert.deepEqual(
    [refused.status, ...refused.body.map((one: { result: { isError: boolean } }) => one.result.isError)],
    [200, true, true, true, true, true],
  );
  assert.match(
    refused.body[0].result.content[0].text,
    /^FAILED \(too_many_requests\): .* Try again in \d+ s\.$/,
  );
  const list = await post([1, 2, 3].map((id) => message(id, "tools/list", {})));
  assert.deepEqual([list.status, list.headers.get("retry-after") === null], [429, false]);
  const report = {
    period: "w",
    metrics: { a: 1 },
    recipients: Array.from({ length: 9 }, (_, i) => `a${i}@acme.example`),
  };
  const reported = await post(message(1, "tools/call", { name: "send_report", arguments: report }));
  assert.match(reported.body.result.content[0].text, /^FAILED \(too_many_requests\)/);
  assert.equal((await stack.outbox()).length, 0);
});

test("bodies that are sent by halves do not fill the memory, and are nobody else's trouble", async (t) => {
  const attachments = { allow: ["text/csv"], max_bytes: "25MB" };
  const stack = await startStack(t, salesTeams({ attachments }));
  const { port, hostname } = new URL(stack.gateway.url);
  const statuses: string[] = [];
  const head = (path: string) =>
    `POST ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${stack.keyOf("sales/bot")}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${16 * 2 ** 20}\r\n\r\n`;
  const sockets = Array.from({ length: 30 }, (_, index): Socket => {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.once("data", (data) => statuses.push(data.toString("latin1").slice(9, 12)));
    socket.write(head(index % 2 === 0 ? "/v1/send" : "/mcp"));
    socket.write(Buffer.alloc(15 * 2 ** 20, " "));
    return socket;
  });
  t.after(() => sockets.map((socket) => socket.destroy()));
  await until(async () => statuses.length >= 26);
  assert.deepEqual(new Set(statuses), new Set(["429"]));
  const answer = await stack.call("GET", "/v1/receipts/x", { as: "sales/other" });
  assert.equal(answer.status, 404);
});

test("both doors refuse early with 503 what comes while MultiMail hangs, and serve as before afterwards", async (t) => {
  let open = () => {};
  const between = async (url: string) => {
    const gate = await startGate(t, url);
    open = gate.hold();
    return gate.url;
  };
  const stack = await startStack(t, salesTeams(), {}, { between });
  const send = (subject: string) =>
    stack.call("POST", "/v1/send", { as: "sales/bot", body: { ...EMAIL, subject } });
  const call = (subject: string) => {
    const params = { name: "send_email", arguments: { ...EMAIL, subject } };
    const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
    return stack.call("POST", "/mcp", { as: "sales/bot", body });
  };
  const asked: Promise<RestAnswer>[] = Array.from({ length: 70 }, (_, n) => send(`Number ${n}`));
  const refused: RestAnswer[][] = [[], []];
  await until(async () => {
    for (const [door, ask] of [send, call].entries()) {
      const one = ask(`Door ${door}, ${asked.length}`);
      asked.push(one);
      void one.then((answer) => answer.status === 503 && refused[door]?.push(answer));
    }
    return refused.every(({ length }) => length > 0);
  });
  assert.equal(refused[0]?.[0]?.body.code, "gateway_busy");
  for (const { headers } of refused.flat()) assert.ok(Number(headers.get("retry-after")) >= 1);
  assert.equal((await stack.call("GET", "/v1/receipts/x", { as: "sales/other" })).status, 404);
  open();
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  assert.deepEqual(
    statuses.filter((status) => ![200, 202, 503].includes(status)),
    [],
  );
  assert.equal((await send("Afterwards")).status, 202);
  await until(async () => (await stack.outbox()).some(({ subject }) => subject === "Afterwards"));
  const subjects = (await stack.outbox()).map(({ subject }) => subject);
  assert.equal(new Set(subjects).size, subjects.length);
});

test("no door takes a body larger than its policy could accept", async (t) => {
  const stack = await startStack(t, salesTeams());
  const body = JSON.stringify({ ...EMAIL, body: "x".repeat(4 * 2 ** 20) });
  for (const path of ["/v1/send", `/v1/mailboxes/${SALES_MAILBOX}/send`, "/v1/report", "/mcp"]) {
    const answer = await stack.call("POST", path, { as: "sales/bot", body });
    assert.equal(answer.status, 413, path);
    assert.match(JSON.stringify(answer.body), /3\.0 MiB/);
  }
});

test("Admission forgets callers of whom nothing is under way, and nobody else", async () => {
  let now = 0;
  const admission = new Admission({
    clock: () => now,
    limits: { requestsPerMinute: 60, running: 1_000_000 },
  });
  const stays = await admission.enter("stays");
  const spent = await admission.enter("spent");
  spent.charge(60);
  spent.leave();
  for (let i = 0; i < 9_998; i++) {
    const ticket = await admission.enter(`person ${i}`);
    ticket.charge();
    ticket.leave();
  }
  assert.equal(admission.callers, 10_000);
  now += 2_000;
  (await admission.enter("one more")).leave();
  assert.equal(admission.callers, 3);
  const again = await admission.enter("spent");
  assert.throws(() => again.charge(3), BusyError);
  again.leave();
  stays.leave();
});
