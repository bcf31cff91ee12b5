import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { appendSampleRecords } from "../testing/sample_records.ts";
import { startTestConsole } from "../testing/start_test_console.ts";
import { TEAMS } from "../testing/teams.ts";

const LEAD = "sales-lead@acme.example";
const AUDITOR = "auditor@acme.example";
const OPERATOR = "operator@acme.example";

/** A console with eight weeks on record. */
async function start(t: Parameters<typeof startTestConsole>[0]) {
  const console = await startTestConsole(t);
  const hostile = await appendSampleRecords(console.trail, { teams: TEAMS, now: console.now() });
  return { console, hostile };
}

test("everybody sees only the pages, and only the teams, that their roles allow", async (t) => {
  const { console, hostile } = await start(t);
  const allowed: Readonly<Record<string, readonly string[]>> = {
    [LEAD]: [
      "/queue",
      "/policies",
      "/policies/sales",
      "/policies/organisation",
      "/history",
      "/history.csv",
      "/figures",
    ],
    [AUDITOR]: [
      ...[
        "/policies",
        "/policies/sales",
        "/policies/finance",
        "/policies/organisation",
        "/history",
        "/history.csv",
      ],
      ...["/figures", "/trail", `/trail/${hostile}`, `/trail/${hostile}/proof.json`, "/trail-health"],
    ],
    [OPERATOR]: ["/policies", "/policies/sales", "/policies/finance", "/policies/organisation", "/mailboxes"],
  };
  const all = [...new Set([...Object.values(allowed).flat(), "/mailboxes", "/nothing", "/policies/none"])];
  for (const [address, paths] of Object.entries(allowed)) {
    const browsing = await console.signIn(address);
    for (const path of all)
      assert.equal((await browsing.get(path)).status, paths.includes(path) ? 200 : 404, `${address} ${path}`);
  }
});

test("an approver's history and figures have nothing of other teams", async (t) => {
  const { console } = await start(t);
  const lead = await console.signIn(LEAD);
  for (const path of [
    "/history",
    "/history.csv",
    "/figures",
    "/history?team=finance",
    "/figures?team=finance",
  ]) {
    const { text } = await lead.get(path);
    assert.doesNotMatch(text, /invoice-chaser|rcp_finance|<option[^>]*>finance/, path);
  }
  const { text } = await (await console.signIn(AUDITOR)).get("/history.csv");
  const [head, first = ""] = text.split("\r\n");
  assert.equal(
    head,
    "decided_at,team,assistant,receipt,decision,by,by_whom,reason,waited_seconds,where,signed,counts,stands_for,signed_in_by,incoming,alarm",
  );
  assert.match(
    first,
    /^2026-11-23T\d\d:00:00\.000Z,sales,lead-qualifier,rcp_sales_\d+,approved,sales-lead@acme\.example,approver,,\d+,elsewhere,,,,,no,$/,
  );
  assert.match(text, /,finance,invoice-chaser,/);
});

test("comparing policies shows no text but of that file", async (t) => {
  const { console } = await start(t);
  const lead = await console.signIn("finance-lead@acme.example");
  assert.match((await lead.get("/policies")).text, /From commit .*c0ffeec0ffee<\/code> by Ann &lt;b&gt;Lead/);
  const { text } = await lead.get("/policies/finance?view=versions");
  assert.match(
    text,
    /c0ffeec0ffee<\/code> by Ann &lt;b&gt;Lead&lt;\/b&gt; &lt;ann@acme\.example&gt;.*changed since/,
  );
  const [, path = ""] = /href="(\/policies\/finance\/compare[^"]+)"/.exec(text) ?? [];
  const compared = await lead.get(path.replaceAll("&amp;", "&"));
  assert.match(
    compared.text,
    /Removed: [\s\S]*description: Invoices<[\s\S]*Added: [\s\S]*description: Invoices and reminders</,
  );
  const sales = console.policies.files.find(({ name }) => name === "sales.yaml")?.hash ?? "";
  const finance = console.policies.files.find(({ name }) => name === "finance.yaml")?.hash ?? "";
  assert.equal((await lead.get(`/policies/finance/compare?from=${sales}&to=${finance}`)).status, 404);
});

test("the trail is searched as audit list does, page by page", async (t) => {
  const { console } = await start(t);
  const auditor = await console.signIn(AUDITOR);
  const found = async (query: string) => (await auditor.get(`/trail?${query}`)).text;
  assert.equal((await found("recipient=@rival.example")).match(/rcp_hostile/g)?.length, 2);
  assert.match(await found("by=sales-lead@acme.example&kind=lifecycle"), /lifecycle approved by an approver/);
  assert.match(await found("rule=recipients.allow"), /Nothing on record matches/);
  assert.match(await found("recipient=nonsense"), /A recipient is an address/);
  assert.match(await found("since=2027-01-01"), /Nothing on record matches/);
  const seen = new Set<string>();
  for (let page = 1; page < 10; page++) {
    const text = await found(`page=${page}`);
    for (const [, seq = ""] of text.matchAll(/class="number">(\d+)<\/td>/g)) {
      assert.ok(!seen.has(seq), seq);
      seen.add(seq);
    }
    if (!text.includes('rel="next"')) break;
  }
  assert.equal(seen.size, (await console.trail.head()).size);
});

test("a body is shown only when who asks, and why, is on record", async (t) => {
  const { console } = await start(t);
  const path = "/trail/rcp_sales_1";
  const auditor = await console.signIn(AUDITOR);
  const accesses = async () => {
    const found = [];
    for await (const { record } of console.trail.records({ kind: "access" })) found.push(record);
    return found;
  };
  const before = (await accesses()).length;
  assert.doesNotMatch((await auditor.get(path)).text, /Dear Jane/);
  assert.doesNotMatch((await auditor.post(`${path}/body`, { reason: " " })).text, /Dear Jane/);
  assert.equal((await auditor.post(`${path}/body`, { reason: "x", form_token: "forged" })).status, 403);
  assert.equal((await (await console.signIn(LEAD)).post(`${path}/body`, { reason: "x" })).status, 404);
  assert.equal((await accesses()).length, before);
  assert.match((await auditor.post(`${path}/body`, { reason: "Complaint 4711" })).text, /Dear Jane/);
  const record = (await accesses()).at(-1);
  assert.deepEqual(
    [record?.data.over, record?.data.result, record?.receipt, record?.team],
    ["console", "granted", "rcp_sales_1", "sales"],
  );
  const values = await console.trail.unseal([record?.data.by ?? "", record?.data.reason ?? ""]);
  assert.deepEqual([...values.values()].sort(), ["Complaint 4711", AUDITOR]);
});

test("the proof of a receipt verifies, and holds nothing personal", async (t) => {
  const { console } = await start(t);
  const { text, headers } = await (await console.signIn(AUDITOR)).get("/trail/rcp_sales_1/proof.json");
  const { parseProof, verifyProof } = await import("@countersign/trail");
  assert.deepEqual(verifyProof(parseProof(text)), []);
  assert.doesNotMatch(text, /client\.example>|Dear Jane/);
  assert.match(headers.get("content-disposition") ?? "", /^attachment; filename="proof_rcp_sales_1\.json"$/);
});

test("verifying the trail says that it is whole", async (t) => {
  const { console } = await start(t);
  const auditor = await console.signIn(AUDITOR);
  assert.equal((await auditor.post("/trail-health")).status, 303);
  const end = Date.now() + 60_000;
  for (;;) {
    const { text } = await auditor.get("/trail-health");
    if (/records so far/.test(text) && Date.now() < end) continue;
    assert.match(text, /whole<\/span>[\s\S]*root <code>[\da-f]{64}/);
    return;
  }
});

test("an operator lets a stopped mailbox send again, with a reason, once", async (t) => {
  const { console } = await start(t);
  const operator = await console.signIn(OPERATOR);
  assert.match((await operator.get("/mailboxes")).text, /It sends nothing[\s\S]*bcc[\s\S]*rcp_sales_1/);
  assert.equal((await operator.post("/mailboxes/mbx-sales/clear", { reason: "" })).status, 400);
  assert.equal((await operator.post("/mailboxes/mbx-sales/clear", { reason: "Ticket OPS-31" })).status, 303);
  const { text } = await operator.get("/mailboxes");
  assert.doesNotMatch(text, /It sends nothing/);
  assert.match(text, /differs<\/span>[\s\S]*mailbox\.auto_bcc/);
  assert.equal((await operator.post("/mailboxes/mbx-sales/clear", { reason: "Again" })).status, 400);
});

test("whoever is no longer named by the policies is signed out as soon as they change", async (t) => {
  const { console } = await start(t);
  const lead = await console.signIn(LEAD);
  assert.equal((await lead.get("/policies")).status, 200);
  const text = (TEAMS["sales.yaml"] ?? "").replace(LEAD, "successor@acme.example");
  await writeFile(join(console.teamsDir, "sales.yaml"), text);
  const end = Date.now() + 60_000;
  while ((await lead.get("/policies")).status === 200) assert.ok(Date.now() < end);
  assert.equal(
    (await console.signIn("successor@acme.example").then((one) => one.get("/policies"))).status,
    200,
  );
});
