import assert from "node:assert/strict";
import { test } from "node:test";
import { startDeciding } from "../testing/start_deciding.ts";
import { browse, signInTo, startTestConsole } from "../testing/start_test_console.ts";

const MINUTE = 60_000;
const LEAD = "sales-lead@acme.example";

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly body: any;
}

/** Asks as a shell does. */
function shell(url: string) {
  let token: string | undefined;
  const ask = async (
    path: string,
    form?: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = { "X-Countersign-Shell": "1" },
  ): Promise<Answer> => {
    const response = await fetch(`${url}/api/${path}`, {
      method: form === undefined ? "GET" : "POST",
      headers: { ...headers, ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
      ...(form !== undefined && { body: new URLSearchParams(form) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
  };
  return {
    ask,
    be: (other: string) => {
      token = other;
    },
    signIn: async (link: string) => {
      const answer = await ask("sign-in", { link: link.split("/").at(-1) ?? "" });
      token = answer.body.token;
      return answer;
    },
  };
}

test("a shell signs in by a link, once, and its secret is worth nothing in a browser, nor a browser's there", async (t) => {
  const console = await startTestConsole(t);
  const { ask, signIn, be } = shell(console.url);
  assert.equal((await ask("pending")).status, 401);
  const link = await console.running.link(LEAD);
  const { body } = await signIn(link);
  assert.deepEqual([body.address, body.auth], [LEAD, "link"]);
  assert.deepEqual((await ask("pending")).body, { address: LEAD, teams: ["sales"], emails: [] });
  assert.equal((await shell(console.url).signIn(link)).status, 403);
  const cookie = `countersign_console_${new URL(console.url).port}`;
  assert.equal((await console.nobody.get("/policies", { Cookie: `${cookie}=${body.token}` })).status, 303);
  const lead = await console.signIn(LEAD);
  be(lead.cookie().split("=").at(-1) ?? "");
  assert.equal((await ask("pending")).status, 401);
});

test("a shell's session ends when it is not used, is old, signs out, or has no role any more", async (t) => {
  const console = await startTestConsole(t);
  const { ask, signIn } = shell(console.url);
  await signIn(await console.running.link(LEAD));
  console.advance(29 * MINUTE);
  assert.equal((await ask("pending")).status, 200);
  console.advance(30 * MINUTE);
  assert.equal((await ask("pending")).status, 401);
  await signIn(await console.running.link(LEAD));
  assert.equal((await ask("sign-out", {})).status, 200);
  assert.equal((await ask("pending")).status, 401);
});

test("a form that another site's page could send signs no shell in and decides nothing", async (t) => {
  const console = await startTestConsole(t);
  const { ask, signIn } = shell(console.url);
  await signIn(await console.running.link(LEAD));
  const forms: readonly Readonly<Record<string, string>>[] = [
    {},
    { Origin: "https://evil.example", "X-Countersign-Shell": "1" },
    { "Sec-Fetch-Site": "cross-site", "X-Countersign-Shell": "1" },
    { Origin: "null", "X-Countersign-Shell": "1" },
  ];
  for (const headers of forms)
    for (const path of ["sign-in", "sign-out", "pending/rcp_1"])
      assert.equal((await ask(path, { verdict: "reject" }, headers)).status, 403, JSON.stringify(headers));
  assert.equal((await ask("pending")).status, 200);
});

test("a shell without a link acts as whoever types its code and says that it is theirs, once", async (t) => {
  const console = await startTestConsole(t);
  const { ask, be } = shell(console.url);
  const { body } = await ask("sign-in", { asker: "ann on laptop\u001b[2J<b>" });
  assert.match(body.code, /^[B-Z]{4}-[B-Z]{4}$/);
  assert.equal((await ask("sign-in/ask", { secret: body.secret })).status, 202);
  assert.equal((await console.nobody.post("/shell", { code: body.code, confirm: "yes" })).status, 303);
  const lead = await console.signIn(LEAD);
  assert.equal((await lead.post("/shell", { code: "BBBB-BBBB" })).status, 403);
  const page = await lead.post("/shell", { code: ` ${body.code.toLowerCase().replace("-", " ")} ` });
  assert.match(
    page.text,
    /Is that your shell\?[\s\S]*ann on laptop\ufffd\[2J&lt;b&gt; at [\s\S]*127\.0\.0\.1/,
  );
  assert.equal((await ask("sign-in/ask", { secret: body.secret })).status, 202, "looked at, not confirmed");
  const forged = await lead.post("/shell", { code: body.code, confirm: "yes", form_token: "forged" });
  assert.equal(forged.status, 403);
  console.advance(MINUTE);
  assert.equal((await lead.post("/shell", { code: body.code, confirm: "yes" })).status, 200);
  assert.equal((await lead.post("/shell", { code: body.code, confirm: "yes" })).status, 403);
  assert.equal((await ask("sign-in/ask", { secret: "x".repeat(43) })).status, 403);
  const admitted = await ask("sign-in/ask", { secret: body.secret });
  assert.deepEqual([admitted.status, admitted.body.address], [200, LEAD]);
  assert.equal((await ask("sign-in/ask", { secret: body.secret })).status, 403);
  be(admitted.body.token);
  assert.equal((await ask("pending")).status, 200);
  const late = await shell(console.url).ask("sign-in", { asker: "ann" });
  console.advance(10 * MINUTE);
  assert.equal((await lead.post("/shell", { code: late.body.code })).status, 403);
});

test("a shell's session is no longer than the sign-in that it was confirmed in", async (t) => {
  const console = await startTestConsole(t);
  const { ask, be } = shell(console.url);
  const lead = await console.signIn(LEAD);
  for (let passed = 0; passed < 11 * 60; passed += 20) {
    console.advance(20 * MINUTE);
    await lead.get("/policies");
  }
  const { body } = await ask("sign-in", { asker: "ann" });
  await lead.post("/shell", { code: body.code, confirm: "yes" });
  be((await ask("sign-in/ask", { secret: body.secret })).body.token);
  for (const [minutes, status] of [
    [29, 200],
    [29, 200],
    [3, 401],
  ] as const) {
    console.advance(minutes * MINUTE);
    assert.equal((await ask("pending")).status, status, `${minutes}`);
  }
});

test("who tries many codes is told to wait", async (t) => {
  const console = await startTestConsole(t);
  const lead = await console.signIn(LEAD);
  const { headers, text } = await lead.get("/shell");
  assert.equal(headers.get("x-frame-options"), "DENY");
  const [, form_token = ""] = /name="form_token" value="([^"]+)"/.exec(text) ?? [];
  const statuses: number[] = [];
  for (let n = 0; n < 12; n++)
    statuses.push((await lead.post("/shell", { form_token, code: "BBBB-BBBB" })).status);
  assert.deepEqual(statuses.slice(-2), [429, 429]);
});

const FINANCE = `
team: finance
mailbox: { id: mbx-finance, address: finance@acme.multimail.dev }
oversight: gated_all
approval: { by: [lead@acme.example] }
assistants:
  - { id: chaser, actions: [send, status], keys: ["KEY"] }
recipients: { internal: [acme.example], external: require_approval }
compose: { bcc: [archive@acme.example] }
attachments: { allow: [text/csv] }
`;
const SALES = FINANCE.replaceAll("finance", "sales").replace("lead@", "sales-lead@");

test("a shell sees all that an email is decided on, and decides with the same checks as the page", async (t) => {
  const stack = await startDeciding(t, { "finance.yaml": FINANCE, "sales.yaml": SALES });
  const attachments = [{ name: "q.csv", content_type: "text/csv", content_base64: "YSxiCjEsMgo=" }];
  const body = "Please\u001b]0;evil\u0007 pay.";
  const receipt = await stack.hold("finance/chaser", {
    ...{ to: "jane@client.example", subject: "Invoice 7", body, attachments },
  });
  const foreign = await stack.hold("sales/chaser", { to: "x@client.example", subject: "Hi", body: "Hi" });
  const running = await stack.openConsole();
  const { ask, signIn } = shell(running.url);
  await signIn(await running.link("lead@acme.example"));
  const list = (await ask("pending")).body.emails;
  assert.deepEqual(
    list.map((one: { receipt: string }) => one.receipt),
    [receipt],
  );
  assert.deepEqual((await ask("pending?team=sales")).status, 404);
  for (const other of [foreign, "rcp_nobody"]) {
    assert.equal((await ask(`pending/${other}`)).status, 404);
    assert.equal((await ask(`pending/${other}`, { verdict: "reject", reason: "x" })).status, 404);
  }
  const { body: shown } = await ask(`pending/${receipt}`);
  assert.deepEqual(
    shown.recipients.map((one: { field: string; address: string; inside: boolean }) => [
      ...[one.field, one.address, one.inside],
    ]),
    [
      ["to", "jane@client.example", false],
      ["bcc", "archive@acme.example", true],
    ],
  );
  assert.equal(shown.body, body);
  assert.match(shown.attachments[0].sha256, /^[\da-f]{64}$/);
  assert.deepEqual([shown.you.may_approve, shown.decided, shown.allowed], [true, null, true]);
  assert.ok(shown.findings.some(({ lines }: { lines: object | null }) => lines !== null));
  for (const answer of [
    await ask(`pending/${receipt}`, { verdict: "approve" }),
    await ask(`pending/${receipt}`, { verdict: "perhaps", shown: shown.shown }),
  ])
    assert.equal(answer.status, 400);
  const unseen = `${"0".repeat(64)}.${"0".repeat(64)}`;
  const changed = await ask(`pending/${receipt}`, { verdict: "approve", shown: unseen });
  assert.equal(changed.body.result, "changed");
  const silent = await ask(`pending/${receipt}`, { verdict: "reject" });
  assert.match(silent.body.message, /^Nothing was decided: Say why/);
  assert.deepEqual(await stack.outbox(), []);
  const approved = await ask(`pending/${receipt}`, { verdict: "approve", shown: shown.shown });
  // A link is one person, whom one suffices here.
  assert.deepEqual([approved.body.result, approved.body.progress], ["decided", "carried_out"]);
  assert.equal((await stack.outbox()).length, 1);
  assert.equal((await ask(`pending/${receipt}`)).status, 410);
});

test("a page signs nobody in at the API who only has a browser", async (t) => {
  const console = await startTestConsole(t);
  const lead = await signInTo(console.running, LEAD);
  assert.equal((await lead.get("/api/pending")).status, 401);
  assert.equal((await browse(console.url).get("/api/pending")).status, 401);
});
