import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { LifecycleEvent } from "../lifecycle_data.ts";
import type { TrailRecord } from "../record.ts";
import { intent, lifecycle, NOON, outcome } from "../testing/entries.ts";
import { openSampleTrail, planSample } from "./_sample_export.ts";
import { csvChunks } from "./csv_chunks.ts";
import { ocsfChunks } from "./ocsf_chunks.ts";

const EVENTS: readonly LifecycleEvent[] = [
  ...(["held", "approved", "rejected", "scheduled", "sent", "delivered"] as const),
  ...(["bounced", "complained", "cancelled", "send_failed", "no_news"] as const),
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

const schema = JSON.parse(
  readFileSync(new URL("../testdata/ocsf_email_activity_1.7.0.schema.json", import.meta.url), "utf8"),
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
    [14, 8, 25, 14, 1, 1, 27, 19, 99, 27, 0],
  );
  assert.deepEqual(
    ["accepted", "refused", "unknown", "answered"].map((result) => of(`out_${result}`)[0].status_id),
    [1, 2, 0, 1],
  );
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
