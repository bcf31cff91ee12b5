import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { until } from "@countersign/lifecycle/testing/until";
import { MultiMailClient } from "@countersign/multimail";
import { type DriftData, driftEntry, isAppliedChange, type ReadbackData } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { type Stack, startStack } from "../testing/start_stack.ts";

const EVERY_KIND: TeamTexts = {
  "ops.yaml": `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev, auto_cc: archive@acme.example, auto_bcc: audit@acme.example }
oversight: monitored
assistants: [{ id: writer, actions: [send, reply, report, status], keys: ["KEY"] }]
recipients: { internal: [acme.example], external: allow }
attachments: { allow: [text/plain, text/csv] }
first_contact: allow
`,
};

type Wire = Record<string, unknown>;

/** Stands between gateway and sandbox, and lets `alter` change every email that is read. */
function altering(t: TestContext, alter: (email: Wire) => Wire): (sandboxUrl: string) => Promise<string> {
  return async (sandboxUrl) => {
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { authorization = "", "content-type": type = "application/json" } = request.headers;
      const answer = await fetch(`${sandboxUrl}${request.url}`, {
        method: request.method ?? "GET",
        headers: { authorization, "content-type": type },
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const text = await answer.text();
      const isEmail = /\/emails\/\w+$/.test(request.url ?? "") && request.method === "GET";
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(isEmail && answer.ok ? JSON.stringify(alter(JSON.parse(text) as Wire)) : text);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
}

function send(stack: Stack, as: string, subject: string) {
  return stack.call("POST", "/v1/send", {
    as,
    body: { to: "jane@acme.example", subject, body: "Dear Jane" },
  });
}

async function drift(stack: Stack): Promise<readonly DriftData[]> {
  return (await stack.records({ kind: "drift" })).flatMap(({ record: { data } }) =>
    isAppliedChange(data) ? [] : [data],
  );
}

function untilStopped(stack: Stack) {
  return until(async () => (await drift(stack)).find(({ result }) => result === "stopped"));
}

async function readbacks(stack: Stack): Promise<readonly ReadbackData[]> {
  return (await stack.records({ kind: "readback" })).map(({ record }) => record.data);
}

test("A mailbox stops after the first email that left with a copy nobody declared, until a person clears it", async (t) => {
  const stack = await startStack(t, TEAMS);
  // Set after the mailbox was verified: the gateway does not look again for a while.
  await stack.control("POST", "/sandbox/mailboxes/mbx-marketing", { auto_bcc: "spy@evil.example" });
  const first = await send(stack, "marketing/writer", "News 1");
  assert.equal(first.status, 202);
  const stopped = await untilStopped(stack);
  assert.deepEqual(
    [stopped.mailbox, stopped.settings, stopped.because],
    ["mbx-marketing", ["copies"], first.body.receipt],
  );
  await stack.control("POST", "/sandbox/mailboxes/mbx-marketing", { auto_bcc: null });

  const second = await send(stack, "marketing/writer", "News 2");
  assert.deepEqual([second.status, second.body.code], [503, "mailbox_unverified"]);
  assert.ok(second.body.reasons.some(({ rule }: { rule: string }) => rule === "mailbox.stopped"));
  assert.equal((await send(stack, "finance/chaser", "Invoice 1")).status, 202, "other mailboxes go on");
  assert.equal(
    (await stack.call("GET", "/v1/mailboxes/mbx-marketing/inbox", { as: "marketing/writer" })).status,
    200,
  );

  await stack.restart();
  const ready = await stack.call("GET", "/readyz?team=marketing");
  assert.equal(ready.status, 503);
  assert.match(JSON.stringify(ready.body.problems), /marketing.*Stopped because the email of receipt/);
  assert.equal((await send(stack, "marketing/writer", "News 3")).status, 503, "a restart does not clear it");

  // What `countersign mailbox clear` writes, from another process, while the gateway runs.
  const trail = await openSqliteTrail(join(stack.dataDir, "trail.sqlite"));
  const cleared = { result: "cleared", mailbox: stopped.mailbox, by: "ann", reason: "Seen to" } as const;
  const about = { team: "marketing", receipt: null, policy: null };
  await trail.append(driftEntry(cleared, { at: Date.now(), ...about }));
  await trail.close();
  await until(async () => (await send(stack, "marketing/writer", "News 4")).status === 202);
  assert.equal((await drift(stack)).filter(({ result }) => result === "stopped").length, 1);
  const subjects = (await stack.outbox()).map(({ subject }) => subject);
  assert.ok(!subjects.includes("News 2") && !subjects.includes("News 3"));
});

test("What MultiMail holds differently stops the mailbox before a person can approve it unseen", async (t) => {
  const between = altering(t, (email) => ({ ...email, to: [...(email.to as string[]), "spy@evil.example"] }));
  const stack = await startStack(t, TEAMS, {}, { between });
  const { body } = await send(stack, "finance/chaser", "Invoice 1");
  const stopped = await untilStopped(stack);
  assert.deepEqual([stopped.settings, stopped.because], [["to"], body.receipt]);
  // It stops first, and then says what was compared.
  const readback = await until(async () => (await readbacks(stack))[0]);
  assert.deepEqual([readback?.phase, readback?.match, readback?.differences], ["held", false, ["to"]]);
  assert.ok(!(await stack.records()).some(({ json }) => json.includes("spy")), "no value is recorded");
  await stack.lead.decide(body.id, "approve");
  await until(async () => (await readbacks(stack)).length === 2);
  assert.equal((await drift(stack)).filter(({ result }) => result === "stopped").length, 1, "it stops once");
});

test("An email that a person should have seen, and that left with nobody's approval, stops the mailbox", async (t) => {
  // The mode was loosened after the mailbox was verified.
  const stack = await startStack(t, TEAMS);
  await stack.control("POST", "/sandbox/mailboxes/mbx-finance", { mode: "autonomous" });
  const { body } = await send(stack, "finance/chaser", "Invoice 1");
  assert.equal(body.status, "pending");
  assert.deepEqual((await untilStopped(stack)).settings, ["approval"]);
});

test("Drift is on record once when it begins, when it changes and when it ends, and shown by /readyz", async (t) => {
  const stack = await startStack(t, TEAMS, {}, { refreshMs: 100 });
  const change = (body: Wire) => stack.control("POST", "/sandbox/mailboxes/mbx-marketing", body);
  const untilDrift = (count: number) =>
    until(async () => {
      const found = await drift(stack);
      return found.length === count && found.at(-1);
    });
  await change({ auto_bcc: "spy@evil.example" });
  const begun = await untilDrift(1);
  assert.deepEqual([begun.result, begun.settings], ["differs", ["mailbox.auto_bcc"]]);
  assert.equal((await send(stack, "marketing/writer", "News 1")).body.code, "mailbox_unverified");
  const { status, body } = await stack.call("GET", "/readyz?team=marketing");
  assert.deepEqual([status, body.problems.length], [503, 1]);
  await stack.restart();
  await change({ mode: "autonomous" });
  assert.deepEqual((await untilDrift(2)).settings, ["oversight", "mailbox.auto_bcc"]);
  const admin = new MultiMailClient({ baseUrl: stack.sandbox.url, apiKey: stack.sandbox.adminKey });
  t.after(() => admin.close());
  await change({ mode: "monitored", auto_bcc: null });
  await admin.updateMailbox("mbx-marketing", { forwardInbound: true });
  const forwarded = await until(async () =>
    (await drift(stack)).find(
      ({ settings }) => settings.length === 1 && settings[0] === "mailbox.forward_inbound",
    ),
  );
  assert.equal(forwarded.result, "differs");
  const { status: stillReady, body: notice } = await stack.call("GET", "/readyz?team=marketing");
  assert.equal(stillReady, 200, "it stops nothing that leaves");
  assert.match(JSON.stringify(notice.problems), /forwards this mailbox's inbound email/);
  assert.equal((await send(stack, "marketing/writer", "News 2")).status, 202);
  await admin.updateMailbox("mbx-marketing", { forwardInbound: false });
  await until(async () => (await drift(stack)).at(-1)?.result === "ends");
  assert.equal((await stack.call("GET", "/readyz?team=marketing")).status, 200);
  assert.ok(!(await stack.records()).some(({ json }) => json.includes("spy")));
  assert.deepEqual(
    (await stack.outbox()).map(({ subject, bcc }) => [subject, bcc]),
    [["News 2", []]],
  );
});

test("Emails of every kind read back as they were authorised", async (t) => {
  const stack = await startStack(t, EVERY_KIND);
  const as = "ops/writer";
  const inbound = (await stack.control("POST", "/sandbox/inbound", {
    mailbox_id: "mbx-ops",
    from: "Jane Doe <Jane@client.example>",
    to: ["ops@acme.multimail.dev", "team@client.example"],
    cc: ["joe@client.example"],
    subject: "A question",
    markdown: "What does it cost?",
  })) as { id: string };
  const file = (name: string, text: string, type: string) => ({
    name,
    content_type: type,
    content_base64: Buffer.from(text).toString("base64"),
  });
  const asked: readonly [string, unknown][] = [
    ["/v1/reply", { message_id: inbound.id, body: "It costs 100", cc: ["ann@acme.example"] }],
    [
      "/v1/send",
      {
        to: ["Jane <JANE@Client.Example>", "joe+tag@client.example"],
        cc: ["ann@acme.example"],
        bcc: ["boss@acme.example"],
        subject: "  Ünïcode\u00a0 subject ",
        body: "# Title\r\n\r\n\r\n- one  \r\n- two\t\r\n\r\nCafe\u0301 \ud83d\ude00\n\n",
        attachments: [
          file("r\u00e9sum\u00e9.txt", "Hello", "text/plain; charset=utf-8"),
          file("a.csv", "a,b\n1,2\n", "text/csv"),
        ],
      },
    ],
    [
      "/v1/send",
      {
        to: "jane@client.example",
        subject: "Later",
        body: "Later",
        send_at: new Date(Date.now() + 86_400_000).toISOString(),
      },
    ],
    [
      "/v1/report",
      {
        report: { period: "May", metrics: { sales: 3 } },
        recipients: ["ann@acme.example", "boss@acme.example"],
      },
    ],
  ];
  for (const [path, body] of asked) {
    const { status, body: answer } = await stack.call("POST", path, { as, body });
    assert.ok(status < 300, JSON.stringify(answer));
  }
  const found = await until(async () => {
    const all = await readbacks(stack);
    return all.length >= 5 && all;
  });
  assert.deepEqual(
    found.map(({ match, differences, unchecked }) => [match, differences, unchecked]),
    found.map(() => [true, [], []]),
  );
  assert.deepEqual(await drift(stack), []);
});
