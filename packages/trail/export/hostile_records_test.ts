import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import type { TrailRecord } from "../record/record.ts";
import { summarizeRecord } from "../record/words.ts";
import type { TrailStore } from "../store/store.ts";
import { hostileRecord } from "../testing/hostile_record.ts";
import { csvChunks } from "./csv_chunks.ts";
import { csvEmailChunks } from "./csv_email_chunks.ts";
import { ocsfChunks } from "./ocsf_chunks.ts";
import { openSampleTrail, planSample } from "./testing/sample_export.ts";

const { trail } = await openSampleTrail(8);
test.after(() => trail.close());
const header = await planSample(trail, { values: ["address", "subject", "text"] });
const schema = JSON.parse(
  readFileSync(new URL("../testdata/ocsf_email_activity_1.8.0.schema.json", import.meta.url), "utf8"),
);
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);

/** A store in which somebody put these records, all of one receipt. */
function storeOf(records: readonly TrailRecord[]): TrailStore {
  const stored = records.map((record, seq) => ({
    record: { ...record, seq: seq % header.to, receipt: "rcp_1" },
    json: "",
    leaf: Buffer.of(),
  }));
  const store: Partial<TrailStore> = {
    async *records() {
      for (const one of stored) yield one as never;
    },
    recordsOf: async () => stored as never,
    unseal: (commitments) => trail.unseal(commitments),
    policyText: (hash) => trail.policyText(hash),
  };
  return store as TrailStore;
}

const hostile = fc.array(hostileRecord, { minLength: 1, maxLength: header.to });

test("csvChunks() has a line for each record, whatever is in it", async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (records) => {
      const chunks = await allOf(csvChunks(storeOf(records), { header, summarize: summarizeRecord }));
      assert.equal(chunks.length, records.length + 1);
    }),
    { numRuns: 500 },
  );
});

test("csvChunks() takes null for what may be absent", async () => {
  const denied = {
    ...(await intentOf()),
    kind: "lifecycle",
    data: { event: "denied", findings: null, learnt_by: "policy" },
  };
  const [, line = ""] = await allOf(
    csvChunks(storeOf([denied as unknown as TrailRecord]), { header, summarize: summarizeRecord }),
  );
  assert.match(line, /,lifecycle denied \(learnt by policy\),/);
});

test("csvEmailChunks() goes on past records that are unreadable, and says of which email one was", async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (records) => {
      await allOf(csvEmailChunks(storeOf(records), { header }));
    }),
    { numRuns: 500 },
  );
  const broken = { ...(await intentOf()), data: { action: "send" } } as unknown as TrailRecord;
  const [, line = ""] = await allOf(csvEmailChunks(storeOf([broken]), { header }));
  assert.match(line, /^rcp_1,.*,unreadable,/);
});

test("ocsfChunks() writes events that OCSF's schema takes, whatever is in the records", async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (records) => {
      for await (const line of ocsfChunks(storeOf(records), { header, summarize: summarizeRecord }))
        assert.ok(validate(JSON.parse(line)), `${JSON.stringify(validate.errors)} ${line}`);
    }),
    { numRuns: 500 },
  );
  const broken = { ...(await intentOf()), data: { action: "send" } } as unknown as TrailRecord;
  const [line = ""] = await allOf(ocsfChunks(storeOf([broken]), { header, summarize: summarizeRecord }));
  assert.equal(JSON.parse(line).message, "UNREADABLE intent send");
  const intent = await intentOf();
  const empty = {
    ...intent,
    data: { ...intent.data, action: "", mailbox: "", email: "" },
  } as unknown as TrailRecord;
  const [event = ""] = await allOf(ocsfChunks(storeOf([empty]), { header, summarize: summarizeRecord }));
  assert.ok(validate(JSON.parse(event)), JSON.stringify(validate.errors));
});

async function intentOf(): Promise<TrailRecord> {
  for await (const { record } of trail.records({ kind: "intent" })) return record;
  throw new Error("The sample has no intent");
}

async function allOf(chunks: AsyncIterable<string>): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}
