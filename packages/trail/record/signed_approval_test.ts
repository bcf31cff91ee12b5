import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { verifySignature } from "../checkpoint/verify_signature.ts";
import { NOON } from "../testing/entries.ts";
import { SAMPLE_SIGNER } from "../testing/sample_trail.ts";
import type { TrailRecord } from "./record.ts";
import { type ApprovalEntryOptions, approvalEntry, approvalText } from "./signed_approval.ts";
import { toIsoTime } from "./to_iso_time.ts";

const GOLDEN = new URL("../testdata/golden/records.jsonl", import.meta.url);

function isSigned(record: TrailRecord<"approval">): boolean {
  const { name, id } = SAMPLE_SIGNER.key;
  const signature = Buffer.from(record.data.signature, "base64");
  return verifySignature(approvalText(record), { name, id, signature }, SAMPLE_SIGNER.key);
}

const APPROVAL: ApprovalEntryOptions = {
  ...{ decision: "approve", email: "01HXEMAIL", mailbox: "01HXMAILBOX", auth: "oidc", due: null },
  ...{ by: "lead@company.example", identity: { issuer: "https://id.company.example", subject: "7f3a" } },
  ...{ content: "ab".repeat(32), judgement: "cd".repeat(32), completes: true },
  required: [{ class: null, needed: 1 }],
  findings: [],
  counts: [{ where: "finance.yaml:21", number: 1, needed: 1 }],
};

test("approvalEntry() signs everything that it says, and approvalText() is what was signed, whatever the record's place", () => {
  const frame = { team: "finance", assistant: "bot", receipt: "rcp_1", policy: "ab".repeat(32) };
  const sign = (text: string) => SAMPLE_SIGNER.sign(text).signature;
  const entry = approvalEntry(APPROVAL, { ...frame, at: NOON }, { key: "console+1", sign });
  const record: TrailRecord<"approval"> = { ...entry, seq: 7, at: toIsoTime(NOON), data: { ...entry.data } };
  assert.ok(isSigned(record));
  assert.ok(isSigned({ ...record, seq: 8 }));
  for (const member of ["at", "team", "assistant", "receipt", "policy"] as const)
    assert.equal(isSigned({ ...record, [member]: "other" }), false, member);
  for (const member of Object.keys(record.data)) {
    const changed = { ...record.data, [member]: member === "signature" ? "AAAA" : "other" };
    assert.equal(isSigned({ ...record, data: changed }), false, member);
  }
  assert.equal(isSigned({ ...record, data: { ...record.data, more: 1 } }), false);
});

test("approvalText() makes the golden text of each kept approval, by which its signature is valid", () => {
  const approvals = readFileSync(GOLDEN, "utf8")
    .split("\n")
    .filter((line) => line.includes('"kind":"approval"'))
    .map((line) => JSON.parse(line) as TrailRecord<"approval">);
  assert.equal(approvals.length, 3);
  for (const record of approvals) assert.ok(isSigned(record));
});
