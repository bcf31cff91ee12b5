import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { receiptState } from "@countersign/lifecycle";
import { intentEntry, isOf, outcomeEntry } from "@countersign/trail";
import type { SignedIn } from "../console_world.ts";
import type { ConsoleStore } from "../store/console_store.ts";
import { HOSTILE_BODY, HOSTILE_SUBJECT, PIXEL, QUEUE_TEAMS } from "../testing/queue_teams.ts";
import { startDeciding } from "../testing/start_deciding.ts";
import { type Answer, type Browsing, signInTo } from "../testing/start_test_console.ts";
import { decideSeveral as decideEach } from "./decide_several.ts";

const EMAIL = { to: "jane@client.example", subject: "Invoice 7", body: "Please pay." };

async function start(t: TestContext, options: { readonly demo?: boolean } = {}) {
  const stack = await startDeciding(t, QUEUE_TEAMS, options);
  const running = await stack.openConsole();
  return { stack, running, signIn: (name: string) => signInTo(running, `${name}@acme.example`) };
}

/** The fields of the form with this button, as the page holds them. */
function formOf({ text }: Answer, verdict: string): Record<string, string> {
  const form = text.split("<form").find((one) => one.includes(`value="${verdict}"`)) ?? "";
  const hidden = form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g);
  return { verdict, ...Object.fromEntries([...hidden].map(([, name, value]) => [name, value])) };
}

/** Sends a form as the page has it, and follows to what comes of it. */
async function decide(
  browsing: Browsing,
  { path, verdict, more = {} }: { path: string; verdict: string; more?: Record<string, string> },
): Promise<Answer> {
  const sent = await browsing.post(path, { ...formOf(await browsing.get(path), verdict), ...more });
  assert.equal(sent.status, 303, sent.text);
  return browsing.get(sent.headers.get("location") ?? "");
}

test("the queue shows an approver what waits for their teams, why and for how long, and nobody else's", async (t) => {
  const { stack, signIn } = await start(t);
  const receipt = await stack.hold("finance/chaser", { ...EMAIL, bcc: "boss@acme.example" });
  const other = await stack.hold("sales/qualifier", { ...EMAIL, subject: "Offer 9" });
  const lead = await signIn("lead");
  const { text, status } = await lead.get("/queue");
  assert.equal(status, 200);
  for (const wanted of [
    "Invoice 7",
    "chaser",
    "jane@client.example",
    "outside",
    "first_contact",
    /1 d 23 h left|2 d 0 h left/,
    /1 email waits/,
  ])
    assert.match(text, new RegExp(wanted));
  assert.doesNotMatch(text, /Offer 9/);
  for (const path of [
    `/queue/${other}`,
    `/queue/${other}/body`,
    `/queue/${other}/files/1`,
    "/queue/rcp_none",
  ])
    assert.equal((await lead.get(path)).status, 404, path);
  assert.equal((await lead.post(`/queue/${other}`, { verdict: "reject", reason: "x" })).status, 404);
  await lead.post("/queue", { receipt: other, verdict: "reject", reason: "Not mine" });
  assert.match((await (await signIn("seller")).get("/queue")).text, /Offer 9/);
  assert.equal((await lead.get("/")).headers.get("location"), "/queue");
  assert.match((await lead.get("/queue?assistant=reminder")).text, /Nothing that waits is like that/);
  assert.match((await lead.get(`/queue/${receipt}`)).text, /Invoice 7/);
});

test("one email shows everybody whom it reaches, Bcc too, its files, and every finding with the policy's line", async (t) => {
  const { stack, signIn } = await start(t);
  const attachments = [
    { name: "q.csv", content_type: "text/csv", content_base64: "YSxiCjEsMgo=" },
    { name: "p.png", content_type: "image/png", content_base64: PIXEL },
  ];
  const receipt = await stack.hold("finance/chaser", {
    ...EMAIL,
    cc: ["joe@client.example"],
    bcc: ["boss@acme.example"],
    attachments,
  });
  const lead = await signIn("lead");
  const { text } = await lead.get(`/queue/${receipt}`);
  for (const wanted of [
    /finance@acme\.multimail\.dev/,
    /<dt>Cc<\/dt>[\s\S]*joe@client\.example[\s\S]*outside/,
    /<dt>Bcc<\/dt>[\s\S]*boss@acme\.example[\s\S]*inside[\s\S]*not verifiable at MultiMail/,
    /first contact/,
    /Please pay\./,
    /q\.csv[\s\S]*8 bytes[\s\S]*text\/csv[\s\S]*View as text/,
    /class="marked"/,
    /0 of 1/,
    /expires in/,
    /nobody who signed in/,
  ])
    assert.match(text, wanted);
  const file = await lead.get(`/queue/${receipt}/files/1`);
  assert.equal(file.text, "a,b\n1,2\n");
  assert.equal(file.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.match(file.headers.get("content-security-policy") ?? "", /^sandbox; default-src 'none'/);
  assert.equal(file.headers.get("x-content-type-options"), "nosniff");
  const picture = await lead.get(`/queue/${receipt}/files/2`);
  assert.deepEqual(
    ["content-type", "content-disposition"].map((name) => picture.headers.get(name)),
    ["image/png", "inline; filename*=UTF-8''p.png"],
  );
  assert.equal((await lead.get(`/queue/${receipt}/files/3`)).status, 404);
});

test("a form approves what it showed, once, and the page says so; who comes later sees that it is over", async (t) => {
  const { stack, signIn } = await start(t);
  const receipt = await stack.hold("finance/chaser", EMAIL);
  const [lead, deputy] = [await signIn("lead"), await signIn("deputy")];
  const path = `/queue/${receipt}`;
  const late = formOf(await deputy.get(path), "approve");
  assert.match((await decide(lead, { path, verdict: "approve" })).text, /Approved: MultiMail sends it/);
  assert.equal((await stack.outbox()).length, 1);
  assert.match((await lead.get("/queue")).text, /Nothing waits for you/);
  const sent = await deputy.post(path, late);
  const told = await deputy.get(sent.headers.get("location") ?? "");
  assert.match(told.text, /It does not wait any more[\s\S]*Nothing was done twice/);
  assert.match(told.text, /Approved by[\s\S]*lead@acme\.example/);
  assert.equal((await stack.outbox()).length, 1);
  const foreign = await lead.get(sent.headers.get("location") ?? "");
  assert.doesNotMatch(foreign.text, /Nothing was done twice[\s\S]*Nothing was done twice/);
});

test("a rejection and asking for changes want a reason, which the history shows", async (t) => {
  const { stack, signIn } = await start(t);
  const lead = await signIn("lead");
  for (const [verdict, words] of [
    ["reject", /Rejected: it will not leave/],
    ["changes", /Changes asked for/],
  ] as const) {
    const path = `/queue/${await stack.hold("finance/chaser", { ...EMAIL, subject: verdict })}`;
    assert.match((await decide(lead, { path, verdict })).text, /Say why: the policy wants a reason/);
    const more = { preset: "The tone is not ours", reason: "Say <b>please</b>" };
    const { text } = await decide(lead, { path, verdict, more });
    assert.match(text, words);
    assert.match(text, /The tone is not ours: Say &lt;b&gt;please/);
  }
  assert.deepEqual(await stack.outbox(), []);
});

test("forged forms decide nothing: no token, another session's, another origin, digests of another email", async (t) => {
  const { stack, signIn, running } = await start(t);
  const path = `/queue/${await stack.hold("finance/chaser", EMAIL)}`;
  const other = `/queue/${await stack.hold("finance/chaser", { ...EMAIL, to: "joe@else.example" })}`;
  const [lead, deputy] = [await signIn("lead"), await signIn("deputy")];
  const form = formOf(await lead.get(path), "approve");
  const foreign = formOf(await deputy.get(path), "approve");
  const { form_token: _, ...bare } = form;
  for (const fields of [
    { ...bare, form_token: "" },
    { ...form, form_token: foreign.form_token ?? "" },
  ])
    for (const to of [path, "/queue"]) assert.equal((await lead.post(to, fields)).status, 403);
  assert.equal((await lead.post(path, form, { Origin: "https://evil.example" })).status, 403);
  const nobody = await fetch(`${running.url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { Origin: running.url },
    body: new URLSearchParams(form),
  });
  assert.match(nobody.headers.get("location") ?? "", /^\/sign-in/);
  assert.equal((await lead.post(path, { ...form, verdict: "release" })).status, 400);
  const { content = "", judgement = "" } = formOf(await lead.get(other), "approve");
  for (const more of [{ content }, { judgement: content }, { content: judgement }])
    assert.match((await decide(lead, { path, verdict: "approve", more })).text, /not what you were shown/);
  assert.deepEqual(await stack.outbox(), []);
});

test("keeping one of several is exact under attack: no other team's email, no forged digests or tokens, nothing twice", async (t) => {
  const { stack, signIn, running } = await start(t);
  const [kept, needless, alone, foreign] = [
    await stack.hold("finance/chaser", EMAIL),
    await stack.hold("finance/reminder", { ...EMAIL, body: "Please pay now." }),
    await stack.hold("finance/chaser", { ...EMAIL, to: "joe@else.example", subject: "Another" }),
    await stack.hold("sales/qualifier", EMAIL),
  ];
  const [lead, seller, cfo] = [await signIn("lead"), await signIn("seller"), await signIn("cfo")];
  const path = `/queue/${kept}`;
  const form = keepFormOf(await lead.get(path));
  const keep = async (by: Browsing, more: Record<string, string> = {}, at = path) => {
    const sent = await by.post(`${at}/keep`, { ...form, ...more });
    const { text } = sent.status === 303 ? await by.get(sent.headers.get("location") ?? "") : sent;
    return { status: sent.status, text };
  };
  const { form_token: token = "", ...bare } = form;
  for (const more of [{ form_token: "" }, { form_token: token.replace(/^./, "!") }])
    assert.equal((await keep(lead, more)).status, 403);
  assert.equal((await lead.post(`${path}/keep`, form, { Origin: "https://evil.example" })).status, 403);
  // Another person's form, and one for another team's email.
  assert.equal(
    (await lead.post(`${path}/keep`, { ...bare, form_token: tokenOf(await cfo.get(path)) })).status,
    403,
  );
  for (const [by, at] of [
    [seller, path],
    [lead, `/queue/${foreign}`],
  ] as const)
    assert.equal((await keep(by, { form_token: tokenOf(await by.get("/policies")) }, at)).status, 404);
  // Who may see it and may not decide on it.
  const cannot = await keep(cfo, { form_token: tokenOf(await cfo.get("/policies")), reject: needless });
  assert.match(cannot.text, /Nothing was decided/);
  const others = keepFormOf(await lead.get(`/queue/${needless}`));
  for (const more of [
    { content: others.content ?? "" },
    { judgement: form.content ?? "" },
    { content: "0".repeat(64), judgement: "0".repeat(64) },
    { content: "", judgement: "" },
  ]) {
    const { text } = await keep(lead, { ...more, reject: needless });
    assert.match(text, /not what you were shown/);
    assert.match(text, /It waits on, since the one to keep does not leave by your approval yet/);
  }
  assert.deepEqual(await stack.outbox(), []);
  // One form names one of another team besides, and itself: neither is touched.
  const body = new URLSearchParams({ ...form, reason: "Needless" });
  for (const receipt of [foreign, needless, kept, "rcp_none", "../policies"]) body.append("reject", receipt);
  const headers = { Cookie: lead.cookie(), Origin: new URL(running.url).origin };
  const sent = await fetch(`${running.url}${path}/keep`, {
    method: "POST",
    redirect: "manual",
    headers,
    body,
  });
  assert.equal(sent.status, 303);
  const { text } = await lead.get(sent.headers.get("location") ?? "");
  assert.match(text, /Approved: MultiMail sends it/);
  assert.equal((await stack.outbox()).length, 1);
  assert.doesNotMatch(text, /Offer|qualifier/);
  assert.match((await seller.get("/queue")).text, /1 email waits/);
  assert.match((await lead.get(`/queue/${needless}`)).text, /Rejected in the console by/);
  const count = async () => (await stack.recordsOf(needless)).length + (await stack.recordsOf(kept)).length;
  const before = await count();
  const again = await keep(lead, { reject: alone });
  assert.match(again.text, /It does not wait any more/);
  assert.equal((await stack.outbox()).length, 1);
  assert.equal(await count(), before, "nothing is decided twice");
  assert.match((await lead.get("/queue")).text, /1 email waits/);
});

test("a conversation's texts are for who may decide on its email, and for no email outside of it", async (t) => {
  const { stack, signIn, running } = await start(t);
  const held = await stack.hold("sales/qualifier", EMAIL);
  const emailId = receiptState(await stack.recordsOf(held))?.emailId ?? "";
  const inbound = async (more: Readonly<Record<string, string>>) => {
    const email = {
      from: "Ann <ann@client.example>",
      subject: "Re: Invoice 7",
      markdown: "SECRET ANSWER",
      ...more,
    };
    return ((await stack.control("POST", "/sandbox/inbound", email)) as { readonly id: string }).id;
  };
  const answer = await inbound({ mailbox_id: "mbx-sales", in_reply_to: emailId });
  const apart = await inbound({ mailbox_id: "mbx-sales" });
  const elsewhere = await inbound({ mailbox_id: "mbx-finance" });
  const finance = await stack.hold("finance/chaser", { ...EMAIL, subject: "Other" });
  const [lead, seller] = [await signIn("lead"), await signIn("seller")];
  const path = (receipt: string, email: string) =>
    `/queue/${receipt}/conversation/${encodeURIComponent(email)}`;
  const shown = await seller.get(path(held, answer));
  assert.equal(shown.status, 200);
  assert.match(shown.text, /SECRET ANSWER/);
  assert.equal(shown.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.match(shown.headers.get("content-security-policy") ?? "", /^sandbox/);
  for (const [by, receipt, email] of [
    // Another team's approver: by its email, and by an email of their own.
    [lead, held, answer],
    [lead, finance, answer],
    // Of the same mailbox, and of another, but of another conversation.
    [seller, held, apart],
    [seller, held, elsewhere],
    [seller, finance, elsewhere],
    [seller, held, "../../mbx-finance/emails/x"],
    [seller, held, "x".repeat(5_000)],
  ] as const) {
    const { status, text } = await by.get(path(receipt, email));
    assert.equal(status, 404, `${receipt} ${email}`);
    assert.doesNotMatch(text, /SECRET/);
  }
  const nobody = await fetch(`${running.url}${path(held, answer)}`, { redirect: "manual" });
  assert.match(nobody.headers.get("location") ?? "", /^\/sign-in/);
  // A session that has ended is nobody's.
  const cookie = seller.cookie();
  await seller.post("/sign-out");
  const ended = await fetch(`${running.url}${path(held, answer)}`, {
    redirect: "manual",
    headers: { Cookie: cookie },
  });
  assert.equal(ended.status, 303);
});

/** The fields of the form that keeps one of several. */
function keepFormOf({ text }: Answer): Record<string, string> {
  const form = text.split("<form").find((one) => one.includes('/keep"')) ?? "";
  const hidden = form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g);
  return { reason: "Needless", ...Object.fromEntries([...hidden].map(([, name, value]) => [name, value])) };
}

function tokenOf({ text }: Answer): string {
  return /name="form_token" value="([^"]+)"/.exec(text)?.[1] ?? "";
}

test("text from email is inert everywhere: subject, body, names of files", async (t) => {
  const { stack, signIn } = await start(t);
  const attachments = [
    {
      name: "a'b (é).csv",
      content_type: "text/csv",
      content_base64: Buffer.from("note,<script>alert(1)</script>\n").toString("base64"),
    },
  ];
  const receipt = await stack.hold("finance/chaser", {
    ...EMAIL,
    subject: HOSTILE_SUBJECT.replace("\u202E", ""),
    body: HOSTILE_BODY,
    attachments,
  });
  const lead = await signIn("lead");
  for (const path of ["/queue", `/queue/${receipt}`]) {
    const { text } = await lead.get(path);
    assert.doesNotMatch(text, /<script>|<img|<style>|evil\.example"><button|<b>/, path);
    assert.match(text, /&lt;script&gt;/, path);
  }
  assert.match((await lead.get(`/queue/${receipt}`)).text, /\n {2}kept {3}whitespace\n/);
  const body = await lead.get(`/queue/${receipt}/body`);
  assert.equal(body.text, HOSTILE_BODY);
  const file = await lead.get(`/queue/${receipt}/files/1`);
  for (const { headers } of [body, file]) {
    assert.equal(headers.get("content-type"), "text/plain; charset=utf-8");
    assert.match(headers.get("content-security-policy") ?? "", /^sandbox/);
  }
  assert.equal(file.headers.get("content-disposition"), "inline; filename*=UTF-8''a%27b%20%28%C3%A9%29.csv");
});

test("a class of two: N of M with names, nobody twice, and links count only in the demo", async (t) => {
  const { stack, signIn } = await start(t, { demo: true });
  const path = `/queue/${await stack.hold("finance/chaser", { ...EMAIL, to: "jane@bank.example" })}`;
  const [lead, cfo, deputy] = [await signIn("lead"), await signIn("cfo"), await signIn("deputy")];
  const first = await decide(lead, { path, verdict: "approve" });
  assert.match(first.text, /more people must approve[\s\S]*You have approved it; it waits for others/);
  assert.match(first.text, /1 of 2[\s\S]*bank\.example[\s\S]*lead@acme\.example/);
  assert.doesNotMatch(first.text, /value="approve"/);
  assert.match((await lead.get("/queue?show=others")).text, /You have approved it[\s\S]*1 of 2/);
  assert.match((await deputy.get(path)).text, /value="approve"/);
  assert.match((await decide(cfo, { path, verdict: "approve" })).text, /Approved: MultiMail sends it/);
  assert.equal((await stack.outbox()).length, 1);
});

test("nobody decides on what an assistant wrote for them: the queue and the page say why, and a forged form is refused", async (t) => {
  const { stack, signIn } = await start(t);
  const { trail } = stack;
  const original = await stack.recordsOf(await stack.hold("finance/chaser", EMAIL));
  const intent = original.find(isOf("intent"))?.record;
  const { emailId } = receiptState(original) ?? {};
  assert.ok(intent !== undefined && emailId !== undefined);
  // The same email, as if the lead had asked for it.
  const receipt = "rcp_written_for_lead";
  const frame = { ...intent, receipt, at: Date.now() };
  const { person: _, ...data } = intent.data;
  const text = {
    recipients: [{ field: "to", address: EMAIL.to, domain: "client.example" }],
    person: { issuer: "https://id.acme.example", subject: "u1", address: "lead@acme.example" },
    ...{
      subject: EMAIL.subject,
      body: EMAIL.body,
      attachments: [],
      original_subject: null,
      caller_key: null,
    },
  };
  await trail.append(intentEntry({ ...data, ...text, idempotency_key: receipt }, frame));
  const taken = { result: "accepted", email: emailId, multimail_status: "pending_send_approval" } as const;
  await trail.append(outcomeEntry(frame, frame.at, { ...taken, code: null, message: null }));
  const [lead, deputy] = [await signIn("lead"), await signIn("deputy")];
  assert.match((await lead.get("/queue?show=others")).text, /An assistant wrote this email for you/);
  const path = `/queue/${receipt}`;
  const { text: page } = await lead.get(path);
  assert.match(page, /You cannot decide on it[\s\S]*An assistant wrote this email for you/);
  assert.doesNotMatch(page, /name="verdict"/);
  const { form_token: __, ...fields } = formOf(await deputy.get(path), "approve");
  for (const verdict of ["approve", "reject"]) {
    const sent = await lead.post(path, { ...fields, verdict, reason: "x" });
    const { text: told } = await lead.get(sent.headers.get("location") ?? "");
    assert.match(told, /Nothing was decided[\s\S]*An assistant wrote this email for you/, verdict);
  }
  assert.deepEqual(await stack.outbox(), []);
});

test("several are rejected at once with one reason, and only those that are the person's to decide", async (t) => {
  const { stack, signIn, running } = await start(t);
  const mine = [
    await stack.hold("finance/chaser", EMAIL),
    await stack.hold("finance/reminder", { ...EMAIL, body: "Please pay now." }),
  ];
  const foreign = await stack.hold("sales/qualifier", EMAIL);
  const lead = await signIn("lead");
  assert.match((await lead.get("/queue")).text, /says much the same as another here/);
  assert.match((await lead.get(`/queue/${mine[1]}`)).text, /Another email that waits says much the same/);
  const text = await decideSeveral(lead, { receipts: [...mine, foreign], verdict: "reject", running });
  assert.match(text, /What became of all 3: 2 decided, 1 not/);
  assert.match(text, /It does not wait any more/);
  assert.match((await (await signIn("seller")).get("/queue")).text, /1 email waits/);
});

/** Ticks emails in the queue and decides on them with a reason: the page that follows. */
async function decideSeveral(
  browsing: Browsing,
  { receipts, verdict, running }: { receipts: readonly string[]; verdict: string; running: { url: string } },
): Promise<string> {
  const [, token = ""] = /name="form_token" value="([^"]+)"/.exec((await browsing.get("/queue")).text) ?? [];
  const body = new URLSearchParams({ form_token: token, verdict, reason: "Duplicate" });
  for (const receipt of receipts) body.append("receipt", receipt);
  const headers = { Cookie: browsing.cookie(), Origin: running.url };
  const sent = await fetch(`${running.url}/queue`, { method: "POST", redirect: "manual", headers, body });
  assert.equal(sent.status, 303);
  return (await browsing.get(sent.headers.get("location") ?? "")).text;
}

test("a batch approves only what this person opened in this sign-in, as it was then, and tells of each what became of it", async (t) => {
  const { stack, signIn, running } = await start(t);
  const held = (subject: string, to = EMAIL.to) => stack.hold("finance/chaser", { ...EMAIL, subject, to });
  const [read, unread, two, foreign] = [
    await held("Read"),
    await held("Unread", "joe@else.example"),
    await held("Two", "jane@bank.example"),
    await stack.hold("sales/qualifier", EMAIL),
  ];
  const [lead, deputy, elsewhere] = [await signIn("lead"), await signIn("deputy"), await signIn("lead")];
  for (const receipt of [read, two]) await lead.get(`/queue/${receipt}`);
  // Another person's look, and one in another sign-in, are not this one's.
  await deputy.get(`/queue/${unread}`);
  await elsewhere.get(`/queue/${unread}`);
  assert.equal((await lead.get("/queue")).text.match(/<span>opened<\/span>/g)?.length, 2);
  const receipts = [read, unread, two, foreign];
  const text = await decideSeveral(lead, { receipts, verdict: "approve", running });
  assert.match(text, /What became of all 4: 2 decided, 2 not/);
  for (const [subject, words] of [
    ["Read", "Approved: MultiMail sends it"],
    ["Unread", "You have not opened it since you signed in"],
    ["Two", "Your approval counts; more people must approve"],
    [foreign, "It does not wait any more"],
  ])
    assert.match(text, new RegExp(`<bdi>${subject}</bdi>(?:(?!</li>)[\\s\\S])*${words}`), subject);
  assert.equal((await stack.outbox()).length, 1);
  // What was opened is not what it is now: it is not approved unseen.
  const [content, judgement] = ["0".repeat(64), "1".repeat(64)];
  const store = { openedIn: async () => new Map([[unread, { receipt: unread, content, judgement }]]) };
  const person = { session: { address: "lead@acme.example" }, roles: { approves: new Set(["finance"]) } };
  await stack.deciding.waiting.follow();
  const results = await decideEach(
    { receipts: [unread], verdict: "approve", reason: "" },
    person as unknown as SignedIn,
    { store: store as unknown as ConsoleStore, deciding: stack.deciding },
  );
  assert.deepEqual(results, [
    { receipt: unread, subject: "Unread", decided: { kind: "changed", what: "content" } },
  ]);
});

test("an email that MultiMail does not show, or for which there is no key, says so and how to try again", async (t) => {
  const { stack } = await start(t);
  const receipt = await stack.hold("finance/chaser", EMAIL);
  const keyless = await signInTo(await stack.openConsole({ hasKey: false }), "lead@acme.example");
  assert.match((await keyless.get("/queue")).text, /Set[\s\S]*MULTIMAIL_OVERSIGHT_KEY/);
  const { text, status } = await keyless.get(`/queue/${receipt}`);
  assert.equal(status, 200);
  assert.match(text, /The console has no key for this mailbox[\s\S]*Try again/);
});

test("a body as long as the gateway takes is shown in part, and the whole is a page of its own", async (t) => {
  const { stack, signIn } = await start(t);
  const body = `Hello\n${"long line \u{1F600} ".repeat(20_000)}END`;
  const receipt = await stack.hold("finance/chaser", { ...EMAIL, body });
  const lead = await signIn("lead");
  const { text } = await lead.get(`/queue/${receipt}`);
  assert.ok(text.length < 100_000, String(text.length));
  assert.match(text, /Here are the first 20,000 of [\d,]+ characters/);
  assert.equal((await lead.get(`/queue/${receipt}/body`)).text, body);
});
