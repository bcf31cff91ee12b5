import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ExportFilter } from "../record/export.ts";
import type { LifecycleEvent } from "../record/lifecycle.ts";
import type { TrailEntry, TrailRecord } from "../record/record.ts";
import { Sealer } from "../record/sealed.ts";
import { intent, lifecycle, NOON, outcome } from "../testing/entries.ts";
import { csvCell } from "./csv_cell.ts";
import { csvChunks } from "./csv_chunks.ts";
import { csvEmailChunks } from "./csv_email_chunks.ts";
import { ocsfChunks } from "./ocsf_chunks.ts";
import { openSampleTrail, planSample } from "./testing/sample_export.ts";

const EVENTS: readonly LifecycleEvent[] = [
  ...(["held", "approved", "rejected", "scheduled", "sent", "delivered"] as const),
  ...(["bounced", "complained", "cancelled", "send_failed", "denied", "no_news"] as const),
];
const { trail } = await openSampleTrail(60);
test.after(() => trail.close());
const late = { at: NOON + 7_200_000 };
await trail.append(
  intent("odd", {
    ...late,
    to: ["jörg@straße.example", "a@partner.example"],
    subject: '+1"quoted",\r\n\u202eand more',
    rules: ["recipients.deny"],
    effect: "deny",
  }),
);
for (const result of ["accepted", "refused", "unknown", "answered"] as const)
  await trail.append(outcome(`out_${result}`, result, late));
for (const event of EVENTS) await trail.append(lifecycle("life", event, late));
await trail.append(replyTo("reply", ["ann@partner.example"], ["audit@elsewhere.example"]));
await trail.append(outcome("reply", "accepted", { at: NOON + 7_201_000 }));
await trail.append(approval("reply", "lead@company.example", "=It is fine"));

const schema = JSON.parse(
  readFileSync(new URL("../testdata/ocsf_email_activity_1.8.0.schema.json", import.meta.url), "utf8"),
);
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
const summarize = ({ kind }: TrailRecord) => `=${kind}`;

test("ocsfChunks() writes events that OCSF's schema takes, with values and without", async () => {
  for (const values of [[], ["address", "subject", "attachment_name"]] as const) {
    const header = await planSample(trail, { values });
    const events = (await textOf(ocsfChunks(trail, { header, summarize }))).split("\n").slice(0, -1);
    assert.ok(events.length > 60);
    for (const line of events) {
      const event = JSON.parse(line);
      const isValid: boolean = validate(event);
      assert.ok(isValid, `${JSON.stringify(validate.errors)} ${line}`);
      assert.equal(event.type_uid, event.class_uid * 100 + event.activity_id);
    }
    assert.equal(
      events.some((line) => line.includes("jane8@partner.example")),
      values.length > 0,
    );
  }
});

test("ocsfChunks() tells a denial from what was let through, and an email's end", async () => {
  const header = await planSample(trail);
  const events = (await textOf(ocsfChunks(trail, { header, summarize })))
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  const of = (receipt: string) => events.filter(({ unmapped }) => unmapped.receipt === receipt);
  const [denied] = of("odd");
  assert.deepEqual(
    [denied.activity_name, denied.status, denied.action, denied.disposition, denied.firewall_rule.name],
    ["Send", "Failure", "Denied", "Blocked", "recipients.deny"],
  );
  assert.equal(denied.email.from, "01HXMAILBOX@mailbox.invalid");
  assert.deepEqual(
    of("life").map(({ disposition_id }) => disposition_id),
    [14, 8, 25, 14, 1, 1, 27, 19, 99, 27, 2, 0],
  );
  assert.deepEqual(
    ["accepted", "refused", "unknown", "answered"].map((result) => of(`out_${result}`)[0].status_id),
    [1, 2, 0, 1],
  );
});

test("ocsfChunks() names whom a reply goes to, Bcc and who approved", async () => {
  const values = ["address", "subject", "text"] as const;
  const header = await planSample(trail, { values, filter: { receipt: "reply" } });
  const events = (await textOf(ocsfChunks(trail, { header, summarize }))).split("\n").slice(0, -1);
  const [asked, , approved] = events.map((line) => JSON.parse(line));
  assert.deepEqual([asked.email.to, asked.email.subject], [["ann@partner.example"], "Re: Question"]);
  assert.deepEqual(asked.to, ["ann@partner.example", "audit@elsewhere.example"]);
  assert.deepEqual(asked.unmapped.bcc, ["audit@elsewhere.example"]);
  assert.deepEqual(
    asked.unmapped.recipients.map(({ role, address }: Record<string, string>) => [role, address]),
    [
      ["participant", "ann@partner.example"],
      ["bcc", "audit@elsewhere.example"],
    ],
  );
  assert.deepEqual(
    [approved.disposition, approved.unmapped.by, approved.unmapped.reason],
    ["Approved", "lead@company.example", "=It is fine"],
  );
});

test("an export is of a kind of record, a recipient, a domain or a person when asked", async () => {
  const receiptsOf = async (filter: Partial<ExportFilter>) => {
    const header = await planSample(trail, { filter: { team: "finance", ...filter } });
    const [, ...rows] = readCsv(await textOf(csvChunks(trail, { header, summarize })));
    return rows.map((row) => `${row[2]} ${row[5]}`);
  };
  assert.deepEqual(await receiptsOf({ recipient: "ANN@partner.example" }), ["intent reply"]);
  assert.deepEqual(await receiptsOf({ recipient: "@elsewhere.example" }), ["intent reply"]);
  assert.deepEqual(await receiptsOf({ by: "Lead@company.example" }), ["lifecycle reply"]);
  assert.deepEqual(await receiptsOf({ kind: "lifecycle", receipt: "reply" }), ["lifecycle reply"]);
});

test("csvEmailChunks() writes a row an email, with the times of its steps and who decided", async () => {
  const header = await planSample(trail, { values: ["address", "subject", "text"] });
  const [names = [], ...rows] = readCsv(await textOf(csvEmailChunks(trail, { header })));
  const receipts = rows.map(([receipt]) => receipt);
  assert.equal(new Set(receipts).size, receipts.length);
  const row = Object.fromEntries(
    (rows.find(([receipt]) => receipt === "reply") ?? []).map((text, index) => [names[index], text]),
  );
  assert.deepEqual(
    [row.subject, row.effect, row.state, row.approver, row.reason, row.waited_seconds],
    ["Re: Question", "allow", "approved", "lead@company.example", "'=It is fine", "60"],
  );
  assert.equal(row.recipients, "participant ann@partner.example; bcc audit@elsewhere.example");
  assert.deepEqual(
    [row.asked_at, row.accepted_at, row.approved_at, row.delivered_at],
    ["2026-11-23T14:00:00.000Z", "2026-11-23T14:00:01.000Z", "2026-11-23T14:01:00.000Z", ""],
  );
  const odd = rows.find(([receipt]) => receipt === "odd") ?? [];
  assert.equal(odd[names.indexOf("state")], "denied");
  const bare = await planSample(trail);
  const text = await textOf(csvEmailChunks(trail, { header: bare }));
  assert.ok(!text.includes("lead@") && !text.includes("ann@"));
  assert.ok(text.includes("participant @partner.example; bcc @elsewhere.example"));
});

/** What somebody writes → what no program may take for a formula, whatever it takes for a separator. */
const FORMULAS: readonly string[] = [
  "=1+1",
  " =1+1",
  "a;=1+1",
  "a; =1+1",
  'a;"=1+1"',
  "a;'=1",
  "a;;\t@SUM(A1)",
  "a\t+1",
  "a|-1",
  "a\r\n=1",
  "a\n;=1",
  'x,"y";-1',
  "a;\uff1d1",
  ";",
  "a;b=1",
  "a\u2028=1",
];

test("csvCell() holds no formula, whichever separator it is opened with", async (t) => {
  for (const text of FORMULAS)
    await t.test(JSON.stringify(text), () => {
      const line = ["1", csvCell(text), csvCell("end")].join();
      for (const separator of [",", ";", "\t", "|"])
        for (const cell of looselyRead(line, separator))
          assert.doesNotMatch(cell, /^[\s"]*[=+\-@\uff1d]/, `${JSON.stringify(cell)} of ${line}`);
      assert.equal(looselyRead(line, ",")[1]?.replaceAll("'", ""), text.replaceAll("'", ""));
    });
});

test("csvChunks() writes RFC 4180, a line a record, and no formula", async () => {
  const header = await planSample(trail, { values: ["address", "subject"] });
  const rows = readCsv(await textOf(csvChunks(trail, { header, summarize, bom: true })));
  const [names, ...records] = rows;
  assert.equal(names?.[0], "\ufeffseq");
  assert.equal(records.length, header.to);
  assert.ok(rows.every((row) => row.length === names?.length));
  const odd = records.find((row) => row[5] === "odd") ?? [];
  const of = (name: string) => odd[names?.indexOf(name) ?? -1];
  assert.equal(of("subject"), `'+1"quoted",\r\n\u202eand more`);
  assert.equal(of("what"), "'=intent");
  assert.equal(of("rules"), "recipients.deny (finance.yaml:14)");
  assert.match(of("recipients") ?? "", /^j.+; a@partner\.example$/);
  assert.ok(rows.flat().every((cell) => !/^[=+\-@\t\r\n]/.test(cell)));
});

test("csvChunks() has no values unless they are asked for, and only what the filter shows", async () => {
  const header = await planSample(trail, { filter: { effect: "deny", rule: "recipients.deny" } });
  const text = await textOf(csvChunks(trail, { header, summarize }));
  assert.ok(text.startsWith("seq,time,kind,") && !text.includes("jane") && !text.includes("Invoice"));
  const rows = readCsv(text);
  assert.ok(rows.length > 3 && rows.slice(1).every((row) => row[7] === "deny"));
});

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

/** Cells as a spreadsheet finds them: quotes count where they begin a cell, and a line break elsewhere ends a row. */
function looselyRead(text: string, separator: string): readonly string[] {
  const cells = [""];
  let isQuoted = false;
  let isFresh = true;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (isQuoted && char === '"' && text.charAt(index + 1) === '"') {
      cells.push(`${cells.pop()}"`);
      index++;
    } else if (isQuoted && char === '"') isQuoted = false;
    else if (!isQuoted && isFresh && char === '"') isQuoted = true;
    else if (!isQuoted && (char === separator || /[\r\n]/.test(char))) {
      cells.push("");
      isFresh = true;
      continue;
    } else cells.push(`${cells.pop()}${char}`);
    isFresh = false;
  }
  return cells;
}

/** An intent to reply, to those whom MultiMail answers and to Bcc. */
function replyTo(receipt: string, participants: readonly string[], bcc: readonly string[]): TrailEntry {
  const sealer = new Sealer();
  const entry = intent(receipt, late);
  const to = (field: string) => (address: string) => ({
    field,
    address: sealer.seal("address", address),
    domain: address.split("@")[1] ?? null,
  });
  const recipients = [...participants.map(to("participant")), ...bcc.map(to("bcc"))];
  const kept = entry.sealed?.filter(({ kind }) => kind === "body") ?? [];
  const original_subject = sealer.seal("subject", "Question");
  const data = { ...entry.data, action: "reply", subject: null, original_subject, recipients, held: true };
  return { ...entry, data, sealed: [...kept, ...sealer.values] };
}

function approval(receipt: string, by: string, reason: string): TrailEntry {
  const sealer = new Sealer();
  const entry = lifecycle(receipt, "approved", { at: NOON + 7_260_000 });
  const data = { ...entry.data, by: sealer.seal("address", by), reason: sealer.seal("text", reason) };
  return { ...entry, data, sealed: sealer.values };
}

/** RFC 4180, read strictly. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let rest = text;
  while (rest !== "") {
    const [whole, quoted, plain] =
      /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?=,|\r\n)/.exec(rest) ?? assert.fail(rest);
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    rest = rest.slice(whole.length);
    if (rest.startsWith(",")) rest = rest.slice(1);
    else {
      rest = rest.slice(2);
      if (rest !== "") rows.push([]);
    }
  }
  return rows;
}
