import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "@countersign/lifecycle/testing/until";
import { type NoticeData, noticeEntry } from "@countersign/trail";
import { startTestConsole } from "../testing/start_test_console.ts";
import { TEAMS } from "../testing/teams.ts";

const CHANNELS = `notify:
  channels:
    chat: { kind: slack, url_env: NOTIFY_CHAT }
    mail: { kind: email, mailbox: { id: mbx-notices, address: notices@acme.multimail.dev } }
`;

const TOLD = {
  ...TEAMS,
  "_organisation.yaml": `${TEAMS["_organisation.yaml"]}${CHANNELS}`,
  "finance.yaml": `${TEAMS["finance.yaml"]}notify: [chat, mail]\n`,
};

test("operators see on the page of mailboxes by which channels people are told, and which take nothing and why", async (t) => {
  const console = await startTestConsole(t, { teams: TOLD });
  const operator = await console.signIn("operator@acme.example");
  const { text: before } = await operator.get("/mailboxes");
  assert.match(before, /chat[\s\S]*Slack[\s\S]*finance[\s\S]*not set up[\s\S]*NOTIFY_CHAT is not set/);
  assert.match(before, /mail[\s\S]*Email[\s\S]*finance[\s\S]*not used yet/);
  const data: NoticeData = {
    ...{ result: "failed", channel: "mail", over: "email", about: "waiting", emails: 1, receipts: [] },
    ...{ attempt: 1, code: "mailbox_gated", retry_at: new Date(console.now() + 30_000).toISOString() },
  };
  const frame = { at: console.now(), team: "finance", assistant: null, receipt: "ntc_1", policy: null };
  await console.trail.append(noticeEntry(data, frame));
  const text = await until(async () => {
    const page = await operator.get("/mailboxes");
    return page.text.includes("mailbox_gated") && page.text;
  });
  assert.match(text, /mail takes no notices/);
  assert.match(text, /fails<\/span>[\s\S]*mailbox_gated, since[\s\S]*next attempt/);
});

test("a policy in sentences says in the console, too, who is told by which channel", async (t) => {
  const console = await startTestConsole(t, { teams: TOLD });
  const { text } = await (await console.signIn("finance-lead@acme.example")).get("/policies/finance");
  assert.match(
    text,
    /told by the channel chat \(Slack\)[\s\S]*channel mail \(email\) of email that has waited/,
  );
});

test("the link of a notice leads somebody who is not signed in to the sign-in, and from there to the queue", async (t) => {
  const console = await startTestConsole(t);
  const { status, headers } = await console.nobody.get("/queue?team=finance");
  assert.equal(status, 303);
  assert.equal(headers.get("location"), "/sign-in?to=%2Fqueue%3Fteam%3Dfinance");
});
