import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { incomingReceipt } from "@countersign/lifecycle";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { MultiMailClient } from "@countersign/multimail";
import { lifecycleEntry, type NoticeData, noticeEntry } from "@countersign/trail";
import { pino } from "pino";
import { snapshot } from "../operations/snapshot.ts";
import { startWorld } from "../testing/start_world.ts";
import { EmailNotices, type EmailNoticesOptions } from "./email_notices.ts";

const MINUTE = 60_000;
const LINK = "https://console.acme.example/queue?team=finance";
const CHANNEL = `notify:
  channels:
    mail: { kind: email, mailbox: { id: mbx-notices, address: notices@acme.multimail.dev } }
`;
const APPROVAL = `approval:
  by: [lead@acme.example, deputy@acme.example]
  escalate: { after: 24h, to: [cfo@acme.example] }
notify: mail
`;

/** A held email, and a notice of it that a console asked for. */
async function start(t: TestContext, options: Partial<EmailNoticesOptions> = {}) {
  const stack = await startWorld(t, {
    ...TEAMS,
    "_organisation.yaml": `${TEAMS["_organisation.yaml"] ?? ""}${CHANNEL}`,
    "finance.yaml": `${(TEAMS["finance.yaml"] ?? "").replace(/^approvers:.*\n/m, "")}${APPROVAL}`,
  });
  const { world, sandbox } = stack;
  const { trail, clock, policies, metrics } = world;
  const client = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
  t.after(() => client.close());
  const logged: string[] = [];
  const open = (more: Partial<EmailNoticesOptions> = {}) =>
    new EmailNotices({
      ...{ trail, clock, policies, metrics, clientOf: async () => client, consoleKeys: async () => [] },
      log: pino({ level: "trace" }, { write: (line: string) => void logged.push(line) }),
      ...options,
      ...more,
    });
  let held = 0;
  const hold = async () => {
    const email = {
      to: "jane@client.example",
      subject: `Secret plan ${held++}`,
      body: `Dear Jane, ${"x".repeat(held)}`,
    };
    const outcome = await stack.ask("finance/chaser", email);
    assert.ok(outcome.kind === "taken", JSON.stringify(outcome));
    return outcome.receipt;
  };
  const ask = async (about: NoticeData["about"], receipts: readonly string[], id = "ntc_1") => {
    const asked = { result: "asked", channel: "mail", over: "email", about, attempt: 0, link: LINK } as const;
    await trail.append(
      noticeEntry(
        { ...asked, emails: receipts.length, receipts },
        { at: clock(), team: "finance", assistant: "chaser", receipt: id, policy: null },
      ),
    );
  };
  const records = async () => {
    const found: NoticeData[] = [];
    for await (const { record } of trail.records({ kind: "notice" })) found.push(record.data);
    return found;
  };
  const notices = async () =>
    (await stack.outbox())
      .filter(({ idempotency_key: key }) => key?.startsWith("ntc_"))
      .sort((a, b) => ((a.to[0] ?? "") < (b.to[0] ?? "") ? -1 : 1));
  return { ...stack, open, hold, ask, records, notices, logged };
}

test("EmailNotices send what a console asked for to each who may decide, by itself, and nothing of what an email says", async (t) => {
  const { open, hold, ask, advance, notices, records, world, logged } = await start(t);
  const receipts = [await hold(), await hold()];
  advance(15 * MINUTE);
  await ask("waiting", receipts);
  const sender = open();
  await sender.pass();
  await sender.pass();
  const sent = await notices();
  assert.deepEqual(
    sent.map(({ to, cc, bcc, subject }) => ({ to, cc, bcc, subject })),
    ["deputy@acme.example", "lead@acme.example"].map((to) => ({
      ...{ to: [to], cc: [], bcc: [] },
      subject: "2 emails of team finance wait for a decision",
    })),
  );
  assert.equal(
    sent[0]?.markdown,
    `2 emails of team finance wait for a decision.\n\nWritten by chaser (2). The first has waited for 15 minutes.\n\nOpen the queue: ${LINK}\n\nWhat they say is only shown there, after you have signed in. Opening the link decides nothing.`,
  );
  const all = await records();
  assert.deepEqual(
    all.map(({ result, people = 0 }) => `${result} ${people}`),
    ["asked 0", "sending 0", "sent 2"],
  );
  assert.doesNotMatch(JSON.stringify(all) + logged.join(""), /acme\.example[^/]|secret|jane/i);
  const text = await world.metrics.text(await snapshot(world));
  assert.match(text, /countersign_notices_total\{over="email",result="sent"\} 1/);
  assert.match(text, /countersign_notice_channels\{over="email",state="works"\} 1/);
});

test("EmailNotices tell of received email as long as MultiMail says that it waits, and wait while it does not say", async (t) => {
  const { open, ask, notices, records, sandbox } = await start(t);
  const inbound = async (from: string) => {
    const email = { mailbox_id: "mbx-finance", from, subject: "Secret plan", markdown: "Dear Jane" };
    const headers = { "Content-Type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(email) };
    const answer = (await (await fetch(`${sandbox.url}/sandbox/inbound`, init)).json()) as { id: string };
    return incomingReceipt(answer.id);
  };
  const receipt = await inbound("jane@client.example");
  const gone = incomingReceipt("em-decided-on-meanwhile");
  await ask("waiting", [receipt, gone]);
  const mute = new MultiMailClient({ baseUrl: "http://127.0.0.1:1", apiKey: sandbox.apiKey });
  t.after(() => mute.close());
  await open({ clientOf: async () => mute }).pass();
  assert.deepEqual(
    (await records()).map(({ result }) => result),
    ["asked"],
  );
  await open().pass();
  const sent = await notices();
  assert.deepEqual(
    sent.map(({ to, subject }) => [...to, subject]),
    ["deputy@acme.example", "lead@acme.example"].map((to) => [
      to,
      "1 received email of team finance waits for a decision",
    ]),
  );
  assert.match(sent[0]?.markdown ?? "", /No assistant sees it yet\.[\s\S]*Open what came in: /);
  assert.doesNotMatch(JSON.stringify(sent), /secret|jane/i);
  await ask("waiting", [gone], "ntc_2");
  await open().pass();
  assert.deepEqual(
    (await records()).map(({ result }) => result),
    ["asked", "sending", "sent", "asked", "dropped"],
  );
});

test("EmailNotices tell only those of an escalation to whom it escalates", async (t) => {
  const { open, hold, ask, advance, notices } = await start(t);
  const receipt = await hold();
  advance(24 * 60 * MINUTE);
  await ask("escalated", [receipt]);
  await open().pass();
  const sent = await notices();
  assert.deepEqual(
    sent.map(({ to, subject }) => [...to, subject]),
    [["cfo@acme.example", "Nobody has decided on 1 email of team finance: you may decide now too"]],
  );
});

test("EmailNotices send nothing of what was decided on meanwhile, and nothing that is a day old", async (t) => {
  const { open, hold, ask, advance, notices, records, world } = await start(t);
  const receipt = await hold();
  await ask("waiting", [receipt]);
  const [intent] = await world.trail.recordsOf(receipt);
  assert.ok(intent);
  const rejected = { event: "rejected", email: "x", learnt_by: "polling", final: true } as const;
  await world.trail.append(lifecycleEntry(intent.record, world.clock(), rejected));
  await open().pass();
  assert.deepEqual(
    (await records()).map(({ result }) => result),
    ["asked", "dropped"],
  );
  await ask("waiting", [await hold()], "ntc_2");
  advance(25 * 60 * MINUTE);
  await open().pass();
  assert.deepEqual(await notices(), []);
});

test("EmailNotices hold nothing back for a mailbox that would hold them itself, and go out once it does not", async (t) => {
  const { open, hold, ask, advance, notices, records, control, world } = await start(t);
  await ask("waiting", [await hold()]);
  await control("POST", "/sandbox/mailboxes/mbx-notices", { mode: "gated_send" });
  const sender = open();
  await sender.pass();
  const [, , failed] = await records();
  assert.equal(failed?.code, "mailbox_gated");
  assert.match(
    await world.metrics.text(await snapshot(world)),
    /countersign_notice_channels\{over="email",state="fails"\} 1/,
  );
  await control("POST", "/sandbox/mailboxes/mbx-notices", { mode: "monitored" });
  advance(MINUTE);
  await sender.pass();
  assert.equal((await notices()).length, 2);
});

test("EmailNotices of several gateways are one, and one that died in the middle reaches each person once", async (t) => {
  const { open, hold, ask, advance, notices, records, world } = await start(t);
  await ask("waiting", [await hold()]);
  await Promise.all([open(), open(), open()].map((one) => one.pass()));
  assert.equal((await notices()).length, 2);
  await ask("reminder", [await hold()], "ntc_2");
  const dying = new Proxy(world.trail, {
    get: (target, name) => {
      if (name === "append") return () => Promise.reject(new Error("Died"));
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  await assert.rejects(open({ trail: dying }).pass(), /Died/);
  advance(MINUTE);
  await open().pass();
  assert.equal((await records()).at(-1)?.result, "sending", "it may be under way yet");
  advance(MINUTE);
  await open().pass();
  const last = (await records()).slice(-2);
  assert.deepEqual(
    last.map(({ result, attempt, unsure, people }) => ({ result, attempt, unsure, people })),
    [
      { result: "sending", attempt: 2, unsure: true, people: undefined },
      { result: "sent", attempt: 2, unsure: undefined, people: 2 },
    ],
  );
  assert.equal((await notices()).length, 4, "MultiMail knows the keys of the attempt that died");
});

test("EmailNotices without a usable key say which variable is wanted, and try again", async (t) => {
  const { open, hold, ask, records, logged } = await start(t);
  await ask("waiting", [await hold()]);
  const why = "Set MULTIMAIL_API_KEY_NOTICES to an API key of MultiMail with the scopes read and send";
  await open({ clientOf: async () => why }).pass();
  const last = (await records()).at(-1);
  assert.deepEqual([last?.result, last?.code], ["failed", "no_key"]);
  assert.notEqual(last?.retry_at, null);
  assert.match(logged.join(""), /Set MULTIMAIL_API_KEY_NOTICES to an API key/);
});
