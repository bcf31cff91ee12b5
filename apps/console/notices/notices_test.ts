import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "@countersign/lifecycle/testing/until";
import { Webhook } from "standardwebhooks";
import { startChannel } from "../testing/start_channel.ts";
import { type StartNoticesOptions, startNotices } from "../testing/start_notices.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** What an email says, and for whom it is: nothing of it is ever told. */
const CONTENT = /secret|plan|jane|client\.example|dear/i;

function teams(channel: string, approval = ""): Readonly<Record<string, string>> {
  return {
    "_organisation.yaml": `notify: { channels: { leads: ${channel} } }\n`,
    "finance.yaml": `team: finance
mailbox: { id: mbx-finance, address: finance@acme.multimail.dev }
oversight: gated_all
approval: { by: [lead@acme.example]${approval} }
notify: leads
assistants: [{ id: invoice-chaser }, { id: dunning }]
recipients: { internal: [acme.example], external: allow }
`,
  };
}

const SLACK = "{ kind: slack, url_env: NOTIFY_LEADS }";

async function startSlack(t: Parameters<typeof startNotices>[0], options: Partial<StartNoticesOptions> = {}) {
  const channel = await startChannel(t);
  const env = { NOTIFY_LEADS: channel.url };
  const stack = await startNotices(t, { teams: teams(SLACK), env, ...options });
  const titles = () => channel.posted.map(({ text }) => JSON.parse(text).blocks[0].text.text);
  return { channel, titles, ...stack };
}

test("Notices tell a chat in Slack once, with how many of whose wait and how long, and nothing of what they say", async (t) => {
  const { channel, hold, after, told, records, logged } = await startSlack(t);
  await hold({}, {}, { assistant: "dunning" });
  await after(10 * SECOND);
  const [post] = channel.posted;
  assert.equal(channel.posted.length, 1);
  assert.equal(post?.method, "POST");
  assert.equal(post?.headers["content-type"], "application/json");
  assert.deepEqual(JSON.parse(post?.text ?? ""), {
    text: "3 emails of team finance wait for a decision. Written by invoice-chaser (2), dunning (1). The first has waited for less than a minute.",
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: "section", text: { type: "plain_text", text: "3 emails of team finance wait for a decision" } },
      {
        type: "context",
        elements: [
          {
            type: "plain_text",
            text: "Written by invoice-chaser (2), dunning (1). The first has waited for less than a minute.",
          },
        ],
      },
      {
        type: "section",
        text: {
          type: "mrkdwn",
          text: "<https://console.acme.example/queue?team=finance|Open the queue>",
        },
      },
    ],
  });
  await after(10 * MINUTE);
  assert.equal(channel.posted.length, 1, "each email is told of once");
  assert.deepEqual(await told(), ["asked waiting 3", "sending waiting 3", "sent waiting 3"]);
  const all = await records();
  assert.equal(new Set(all.map(({ receipt }) => receipt)).size, 1);
  assert.match(all[0]?.receipt ?? "", /^ntc_/);
  assert.deepEqual(all[1]?.data.receipts, ["rcp_000000", "rcp_000001", "rcp_000002"]);
  for (const text of [post?.text ?? "", JSON.stringify(all), logged.join("")]) {
    assert.doesNotMatch(text, CONTENT);
    assert.doesNotMatch(text, /secret-token/);
  }
});

test("Notices make a burst of 1,000 emails one message, and what comes later another after five minutes", async (t) => {
  const { hold, after, titles } = await startSlack(t);
  await hold(...Array.from({ length: 600 }, () => ({})));
  await after(5 * SECOND);
  await hold(...Array.from({ length: 400 }, () => ({})));
  await after(5 * SECOND);
  assert.deepEqual(titles(), []);
  await after(5 * SECOND);
  assert.deepEqual(titles(), ["1000 emails of team finance wait for a decision"]);
  await hold({}, {});
  await after(MINUTE);
  assert.equal(titles().length, 1);
  await after(4 * MINUTE);
  assert.deepEqual(titles()[1], "2 emails of team finance wait for a decision");
});

test("Notices remind of all that waits, tell that it escalates, and say nothing once it was decided", async (t) => {
  const approval = ", remind: 4h, escalate: { after: 6h, to: [cfo@acme.example] }";
  const { hold, after, titles, reject } = await startSlack(t, { teams: teams(SLACK, approval) });
  await hold({ receipt: "a" });
  await after(10 * SECOND);
  await after(HOUR);
  await hold({ receipt: "b" });
  await after(10 * SECOND);
  await after(3 * HOUR);
  await after(2 * HOUR);
  await reject("a");
  await after(HOUR);
  await reject("b");
  await after(20 * HOUR);
  assert.deepEqual(titles(), [
    "1 email of team finance waits for a decision",
    "1 email of team finance waits for a decision",
    "2 emails of team finance still wait for a decision",
    "Nobody has decided on 1 email of team finance: those to whom it escalates may decide now too",
    "Nobody has decided on 1 email of team finance: those to whom it escalates may decide now too",
  ]);
});

test("Notices tell nothing of an email that was decided on between the wish and the attempt", async (t) => {
  const { channel, hold, after, reject, told } = await startSlack(t);
  channel.answer = (response) => void response.writeHead(503).end();
  await hold({ receipt: "a" }, { receipt: "b" });
  await after(10 * SECOND);
  await reject("a");
  channel.answer = (response) => void response.end("ok");
  await after(30 * SECOND);
  assert.match(channel.posted[1]?.text ?? "", /1 email of team finance waits/);
  channel.answer = (response) => void response.writeHead(503).end();
  await hold({ receipt: "c" });
  await after(6 * MINUTE);
  await reject("c");
  await after(MINUTE);
  assert.equal(channel.posted.length, 3);
  assert.deepEqual(await told(), [
    ...[
      "asked waiting 2",
      "sending waiting 2",
      "failed http_503 again",
      "sending waiting 1 #2",
      "sent waiting 1 #2",
    ],
    ...["asked waiting 1", "sending waiting 1", "failed http_503 again", "dropped #2"],
  ]);
});

test("Notices post an Adaptive Card to a workflow of Microsoft Teams", async (t) => {
  const channel = await startChannel(t);
  channel.answer = (response) => void response.writeHead(202).end();
  const env = { NOTIFY_LEADS: `${channel.url}?api-version=1&sig=abc` };
  const options = { teams: teams("{ kind: teams, url_env: NOTIFY_LEADS }"), env };
  const { hold, after, told } = await startNotices(t, options);
  await hold({});
  await after(MINUTE);
  assert.equal((await told()).at(-1), "sent waiting 1");
  const [post] = channel.posted;
  assert.match(post?.path ?? "", /\?api-version=1&sig=abc$/);
  const { type, attachments } = JSON.parse(post?.text ?? "");
  assert.equal(type, "message");
  assert.equal(attachments[0].contentType, "application/vnd.microsoft.card.adaptive");
  const { body, actions, ...card } = attachments[0].content;
  assert.deepEqual(card, {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
  });
  assert.deepEqual(
    body.map(({ inlines }: { inlines: { type: string; text: string }[] }) => inlines.map(({ text }) => text)),
    [
      ["1 email of team finance waits for a decision"],
      ["Written by invoice-chaser (1). It has waited for 1 minute."],
    ],
  );
  assert.deepEqual(actions, [
    {
      type: "Action.OpenUrl",
      title: "Open the queue",
      url: "https://console.acme.example/queue?team=finance",
    },
  ]);
});

test("Notices sign what they post to a webhook, with the notice's id, which a second attempt has too", async (t) => {
  const channel = await startChannel(t);
  channel.answer = (response) => void response.writeHead(500).end("<html>secret of theirs</html>");
  const options = {
    teams: teams("{ kind: webhook, url_env: NOTIFY_URL, secret_env: NOTIFY_SECRET }"),
    env: { NOTIFY_URL: channel.url, NOTIFY_SECRET: SECRET },
  };
  const { hold, after, now, logged, records } = await startNotices(t, options);
  await hold({});
  await after(10 * SECOND);
  channel.answer = (response) => void response.writeHead(204).end();
  await after(30 * SECOND);
  const [first, second] = channel.posted;
  assert.ok(first && second);
  const { headers, text } = second;
  assert.equal(headers["webhook-id"], first.headers["webhook-id"]);
  assert.equal(headers["webhook-timestamp"], String(now() / 1000));
  const id = String(headers["webhook-id"]);
  assert.equal(headers["webhook-signature"], new Webhook(SECRET).sign(id, new Date(now()), text));
  assert.deepEqual(JSON.parse(text), {
    type: "emails.waiting",
    timestamp: new Date(now()).toISOString(),
    data: {
      ...{ team: "finance", emails: 1, assistants: [{ assistant: "invoice-chaser", emails: 1 }] },
      since: new Date(now() - 40 * SECOND).toISOString(),
      link: "https://console.acme.example/queue?team=finance",
    },
  });
  const kept = logged.join("") + JSON.stringify(await records());
  assert.doesNotMatch(kept, /secret of theirs|whsec_|secret-token/);
});

test("Notices of several consoles on one trail are one", async (t) => {
  const { channel, notices, open, hold, after, told } = await startSlack(t);
  const others = await Promise.all([open(), open(), open()]);
  for (let round = 0; round < 3; round++) {
    await hold({}, {});
    await after(0);
    const [, ...rest] = await Promise.all([
      after(6 * MINUTE),
      ...others.map((other) => until(() => other.pass().then(() => true))),
    ]);
    assert.equal(rest.length, 3);
    await Promise.all([notices, ...others].map((one) => one.pass()));
    assert.equal(channel.posted.length, round + 1);
  }
  assert.equal((await told()).filter((line) => line.startsWith("asked")).length, 3);
});

test("Notices of a console that died while it sent are said to be unsure, and are sent again by another one", async (t) => {
  const { channel, hold, after, told, open, logged } = await startSlack(t);
  await hold({});
  await after(0);
  const dying = await open({ dies: "after_post" });
  const rest = after(10 * SECOND, dying);
  await until(() => Promise.resolve(channel.posted.length === 1));
  await after(MINUTE);
  assert.equal(channel.posted.length, 1, "it may be under way yet");
  await after(MINUTE);
  assert.equal(channel.posted.length, 2);
  assert.deepEqual(await told(), [
    ...["asked waiting 1", "sending waiting 1"],
    ...["sending waiting 1 #2 unsure", "sent waiting 1 #2"],
  ]);
  assert.match(logged.join(""), /Nobody knows whether a notice arrived/);
  assert.equal(await Promise.race([rest.then(() => "over"), "dead"]), "dead");
});

test("Notices of a console that died before it sent are sent by another one, once, and never again", async (t) => {
  const { channel, hold, after, told, open } = await startSlack(t);
  await hold({});
  await after(0);
  const dying = await open({ dies: "before_post" });
  void after(10 * SECOND, dying);
  await until(async () => (await told()).length === 2);
  // Whoever reads the same trail, be it one console or three.
  const others = [await open(), await open()];
  for (let n = 0; n < 3; n++) for (const other of others) await after(20 * SECOND, other);
  assert.equal(channel.posted.length, 1);
  for (let n = 0; n < 20; n++) for (const other of others) await after(10 * MINUTE, other);
  assert.equal(channel.posted.length, 1, "one that nobody is sure of is no storm");
  assert.deepEqual(await told(), [
    ...["asked waiting 1", "sending waiting 1"],
    ...["sending waiting 1 #2 unsure", "sent waiting 1 #2"],
  ]);
});

test("Notices tell of received email that waits in a gated_all mailbox, apart from assistants', without anything of it", async (t) => {
  const { channel, titles, hold, received, after, now, told, records } = await startSlack(t);
  received.push({ id: "em-1", at: now() }, { id: "em-2", at: now() });
  await hold({});
  await after(10 * SECOND);
  await after(6 * SECOND);
  assert.deepEqual(titles(), [
    "1 email of team finance waits for a decision",
    "2 received emails of team finance wait for a decision",
  ]);
  const text = channel.posted[1]?.text ?? "";
  assert.match(text, /No assistant sees it yet\. The first has waited for less than a minute/);
  assert.match(text, /<https:\/\/console\.acme\.example\/incoming\?team=finance\|Open what came in>/);
  await after(2 * HOUR);
  assert.equal(channel.posted.length, 2, "each is told of once");
  // What is new is told of; what was decided on meanwhile is not.
  received.splice(0, 1, { id: "em-3", at: now() });
  await after(10 * SECOND);
  assert.equal(titles()[2], "1 received email of team finance waits for a decision");
  const asked = (await records()).filter(({ data }) => data.result === "asked");
  assert.deepEqual(
    asked.map(({ assistant, data }) => [assistant, data.receipts]),
    [
      ["invoice-chaser", ["rcp_000000"]],
      [null, ["in_em-1", "in_em-2"]],
      [null, ["in_em-3"]],
    ],
  );
  assert.doesNotMatch((await told()).join(), /failed|dropped/);
});

test("Notices leave a channel alone that takes none, give up in the end, and begin again after an hour", async (t) => {
  const { channel, notices, hold, after, told } = await startSlack(t);
  channel.answer = (response) => void response.writeHead(429, { "retry-after": "86400" }).end();
  await hold({});
  await after(10 * SECOND);
  await after(59 * MINUTE);
  assert.equal(channel.posted.length, 1, "it asked for a day and gets an hour");
  channel.answer = (response) => void response.writeHead(502).end();
  for (const minutes of [1, 2, 10, 30, 60]) await after(minutes * MINUTE);
  assert.equal(channel.posted.length, 6);
  assert.equal((await told()).at(-1), "failed http_502 given up #6");
  const [state] = notices.channels();
  assert.equal(state?.health.failing?.code, "http_502");
  await after(59 * MINUTE);
  assert.equal(channel.posted.length, 6);
  channel.answer = (response) => void response.end("ok");
  await after(MINUTE);
  assert.equal(channel.posted.length, 7);
  assert.equal(notices.channels()[0]?.health.failing, undefined);
  assert.equal((await told()).at(-1), "sent waiting 1");
});

test("Notices follow no redirect, and try nothing again that was refused for good", async (t) => {
  const { channel, hold, after, told } = await startSlack(t);
  const elsewhere = await startChannel(t);
  channel.answer = (response) => void response.writeHead(307, { location: elsewhere.url }).end();
  await hold({});
  await after(10 * SECOND);
  assert.equal(elsewhere.posted.length, 0);
  assert.equal((await told()).at(-1), "failed http_307 given up");
});

test("Notices wait for no answer that does not end, and for none that does not begin", async (t) => {
  const { channel, hold, after, told } = await startSlack(t, { timeoutMs: 200 });
  channel.answer = (response) => void response.writeHead(200).write("o");
  await hold({});
  await after(10 * SECOND);
  assert.equal((await told()).at(-1), "sent waiting 1");
  channel.answer = () => undefined;
  await hold({});
  await after(6 * MINUTE);
  assert.equal((await told()).at(-1), "failed timeout again");
});

test("Notices ask for nothing by a channel whose variables cannot be used, say which, and let others go on", async (t) => {
  const channel = await startChannel(t);
  const files = teams(SLACK);
  const options = {
    teams: {
      ...files,
      "_organisation.yaml":
        "notify: { channels: { leads: { kind: slack, url_env: NOTIFY_LEADS }, other: { kind: slack, url_env: NOTIFY_OTHER } } }\n",
      "finance.yaml": (files["finance.yaml"] ?? "").replace("notify: leads", "notify: [leads, other]"),
    },
    env: { NOTIFY_LEADS: "http://hooks.acme.example/x", NOTIFY_OTHER: channel.url },
  };
  const { notices, hold, after, logged, records } = await startNotices(t, options);
  await hold({});
  await after(10 * SECOND);
  await after(10 * SECOND);
  assert.equal(channel.posted.length, 1);
  assert.deepEqual(new Set((await records()).map(({ data }) => data.channel)), new Set(["other"]));
  assert.deepEqual(
    notices.channels().map(({ name, problem, teams }) => ({ name, problem, teams })),
    [
      {
        name: "leads",
        problem: "NOTIFY_LEADS must be an https address without blanks, quotes or a password",
        teams: ["finance"],
      },
      { name: "other", problem: undefined, teams: ["finance"] },
    ],
  );
  assert.equal(logged.filter((line) => line.includes("NOTIFY_LEADS must be")).length, 1, "it is logged once");
});

test("Notices by email are only asked for here, after a quarter of an hour, for the gateway", async (t) => {
  const email = "{ kind: email, mailbox: { id: mbx-notices, address: notices@acme.multimail.dev } }";
  const { hold, after, told, records } = await startNotices(t, { teams: teams(email), env: {} });
  await hold({});
  await after(14 * MINUTE);
  assert.deepEqual(await told(), []);
  await after(MINUTE);
  await after(MINUTE);
  assert.deepEqual(await told(), ["asked waiting 1"]);
  const [asked] = await records();
  assert.equal(asked?.data.link, "https://console.acme.example/queue?team=finance");
});
