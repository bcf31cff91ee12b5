import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { incomingReceipt } from "@countersign/lifecycle";
import {
  type ApprovalEntryOptions,
  approvalEntry,
  driftEntry,
  isOf,
  lifecycleEntry,
} from "@countersign/trail";
import { QUEUE_TEAMS } from "../testing/queue_teams.ts";
import { startDeciding } from "../testing/start_deciding.ts";
import { signInTo } from "../testing/start_test_console.ts";

const TEAMS = {
  ...QUEUE_TEAMS,
  "_organisation.yaml": "auditors: [auditor@acme.example]\n",
};

const EMAIL = { to: "jane@client.example", subject: "Invoice 7", body: "Please pay." };

test("the history has each decision once: in the console and verified, at MultiMail past it, forged, expired, and of received email", async (t) => {
  const stack = await startDeciding(t, TEAMS, { demo: true });
  const running = await stack.openConsole();
  const { trail } = stack;
  const held = async (subject: string) => {
    const receipt = await stack.hold("finance/chaser", {
      ...EMAIL,
      subject,
      to: `${subject}@client.example`,
      attachments: [{ name: "a.csv", content_type: "text/csv", content_base64: "YSxiCg==" }],
    });
    const intent = (await stack.recordsOf(receipt)).find(isOf("intent"))?.record;
    assert.ok(intent !== undefined);
    return { receipt, intent, frame: { ...intent, at: Date.now() } };
  };
  const lead = await signInTo(running, "lead@acme.example");
  const [here, elsewhere, alone, late, forged] = [
    await held("here"),
    await held("elsewhere"),
    await held("alone"),
    await held("late"),
    await held("forged"),
  ];
  const { text } = await lead.get(`/queue/${here.receipt}`);
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? "";
  const digests = { content: field("content"), judgement: field("judgement") };
  const reason = "=cmd|' /C calc'!A0";
  await lead.post(`/queue/${here.receipt}`, { verdict: "reject", reason, ...digests });
  const learnt = { email: "em-1", learnt_by: "polling" } as const;
  const at = Date.now();
  await trail.append(
    lifecycleEntry(elsewhere.intent, at, {
      ...learnt,
      event: "approved",
      by: "account@acme.example",
      decided_by: "unknown",
    }),
  );
  await trail.append(
    lifecycleEntry(alone.intent, at, {
      ...learnt,
      event: "approved",
      by: "mallory@evil.example",
      decided_by: "other",
    }),
  );
  const alarm = {
    result: "decided_by_other",
    mailbox: "mbx-finance",
    settings: ["approval.needed"],
  } as const;
  await trail.append(driftEntry({ ...alarm, because: alone.receipt }, alone.frame));
  await trail.append(lifecycleEntry(late.intent, at, { ...learnt, event: "expired", learnt_by: "policy" }));
  const { privateKey } = generateKeyPairSync("ed25519");
  const decision: ApprovalEntryOptions = {
    ...{ decision: "approve", email: "em-1", mailbox: "mbx-finance", by: "lead@acme.example", auth: "oidc" },
    ...{ identity: { issuer: "https://id.acme.example", subject: "u1" }, content: "c", judgement: "j" },
    ...{ required: [], findings: [], counts: [], completes: true, due: null },
  };
  const forger = {
    key: "countersign/console+00000000",
    sign: (said: string) => sign(null, Buffer.from(said), privateKey),
  };
  await trail.append(approvalEntry(decision, forged.frame, forger));
  const released = {
    ...alarm,
    settings: ["approvers"],
    because: "rcp_read",
    email: "em-in",
    by: "mallory@evil.example",
  };
  const about = { at, team: "finance", receipt: incomingReceipt("em-in"), policy: null };
  await trail.append(driftEntry(released, about));

  const auditor = await signInTo(running, "auditor@acme.example");
  const csv = async (query = "") => {
    const [, ...lines] = (await auditor.get(`/history.csv${query}`)).text.trim().split("\r\n");
    return lines;
  };
  const lines = await csv();
  assert.equal(lines.length, 6);
  const lineOf = (receipt: string) => lines.find((line) => line.includes(receipt)) ?? "";
  // What a spreadsheet would run is text.
  assert.match(lineOf(here.receipt), /,rejected,lead@acme\.example,,"?'=cmd.*,console,yes,,,link,no,$/);
  assert.match(lineOf(elsewhere.receipt), /,approved,account@acme\.example,unknown,,\d+,elsewhere,,,,,no,$/);
  assert.match(
    lineOf(alone.receipt),
    /,elsewhere,.*"?Decided at MultiMail by one, where several must approve"?$/,
  );
  assert.match(lineOf(late.receipt), /,expired,,,,\d+,gateway,/);
  assert.match(lineOf(forged.receipt), /,approved,.*,console,no,.*No console signed it/);
  assert.match(
    lineOf("in_em-in"),
    /,approved,mallory@evil\.example,.*,elsewhere,,,,,yes,.*no approver of the team/,
  );
  for (const [query, count] of [
    ["?event=expired", 1],
    ["?where=elsewhere", 3],
    ["?where=console&event=approved", 1],
    ["?by=MALLORY", 2],
    ["?team=sales", 0],
    ["?since=2099-01-01", 0],
    ["?event=none", 6],
  ] as const)
    assert.equal((await csv(query)).length, count, query);
  const page = (await auditor.get("/history?where=elsewhere")).text;
  assert.match(page, /at MultiMail, past the console[\s\S]*where several must approve/);
  assert.match((await auditor.get("/history?where=console&event=rejected")).text, /verified/);

  // Files, as bodies, only with a reason, which goes on record first.
  const path = `/trail/${elsewhere.receipt}/file`;
  assert.match((await auditor.get(`/trail/${elsewhere.receipt}`)).text, /a\.csv \(text\/csv, 4 bytes\)/);
  const refused = await auditor.post(path, { number: "1", reason: " " });
  assert.match(refused.text, /A reason of 1 to 1000 characters is needed/);
  assert.equal((await auditor.post(path, { number: "2", reason: "x" })).status, 404);
  assert.equal((await lead.post(path, { number: "1", reason: "x" })).status, 404);
  assert.equal((await auditor.post(path, { number: "1", reason: "x", form_token: "forged" })).status, 403);
  const accesses = async () =>
    (await stack.recordsOf(elsewhere.receipt)).filter(({ record }) => record.kind === "access");
  assert.equal((await accesses()).length, 0);
  const file = await auditor.post(path, { number: "1", reason: "Complaint 4711" });
  assert.deepEqual([file.text, file.headers.get("content-type")], ["a,b\n", "application/octet-stream"]);
  assert.match(file.headers.get("content-disposition") ?? "", /^attachment/);
  const [access] = await accesses();
  assert.equal(access?.record.data.asked, "bodies_and_attachments");
});
