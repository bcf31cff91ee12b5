import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ScanOrder } from "@countersign/core/decision";
import { Inspector, type InspectorOptions } from "./inspector.ts";
import { docx } from "./testing/build_documents.ts";

const CARD = [{ kind: "builtin", name: "credit_card" }] as const;
const AT = { team: "sales", now: 0 };
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

function open(t: TestContext, options?: InspectorOptions): Inspector {
  const inspector = new Inspector(options);
  t.after(() => inspector.close());
  return inspector;
}

function order(bytes: Uint8Array, name = "a.docx", contentType = DOCX): ScanOrder {
  const contentBase64 = Buffer.from(bytes).toString("base64");
  const draft = { subject: "Hello", markdown: "Hello", attachments: [{ name, contentType, contentBase64 }] };
  return { draft, detectors: CARD };
}

/** Patterns that one after the other take minutes. */
function slow(): ScanOrder {
  const detectors = Array.from({ length: 200_000 }, (_, index) => ({
    kind: "pattern" as const,
    name: `p${index}`,
    pattern: `(?:a|b|ab)*c{0,30}${index}x`,
  }));
  return { draft: { subject: "Hello", markdown: "ab".repeat(120_000), attachments: [] }, detectors };
}

test("Inspector.inspect() leaves short email without attachments to decide()", async (t) => {
  const draft = { subject: "Hello", markdown: "Hello", attachments: [] };
  assert.equal(await open(t).inspect({ draft, detectors: CARD }, AT), undefined);
});

test("Inspector.inspect() finds what documents say, and what they are", async (t) => {
  const inspector = open(t);
  const inspection = await inspector.inspect(order(docx(["4111 1111 ", "1111 1111"])), AT);
  assert.ok(inspection?.ok);
  assert.deepEqual(
    inspection.hits.map(({ detector, part, index }) => [detector, part, index]),
    [["credit_card", "attachment", 0]],
  );
  assert.equal(inspection.files[0]?.ok, true);
  const clean = await inspector.inspect(order(docx(["Hello"])), AT);
  assert.deepEqual(clean?.ok && clean.hits, []);
  const picture = await inspector.inspect(
    order(Buffer.from("\x89PNG\r\n\x1a\n\0", "latin1"), "a.png", "image/png"),
    AT,
  );
  assert.deepEqual(picture?.ok && picture.hits.map(({ kind }) => kind), ["unscannable"]);
});

test("Inspector.inspect() judges what an attached email has attached", async (t) => {
  const eml = `From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(`\x7fELF\x02\x01\x01${"\0\xff".repeat(60)}`, "latin1").toString("base64")}\r\n--x--\r\n`;
  const inspection = await open(t).inspect(order(Buffer.from(eml), "a.eml", "message/rfc822"), AT);
  assert.ok(inspection?.ok);
  assert.deepEqual([inspection.files[0]?.ok, inspection.files[0]?.executable], [false, true]);
});

test("Inspector.inspect() does not know what takes too long, and serves others meanwhile and after it", async (t) => {
  const inspector = open(t, { timeoutMs: 4_000 });
  const stuck = inspector.inspect(slow(), AT);
  const other = await inspector.inspect(order(docx(["Hello"])), { ...AT, team: "legal" });
  assert.equal(other?.ok, true);
  assert.deepEqual(await stuck, {
    ok: false,
    message: "Not looked through: it took too long, or more memory than there is",
  });
  assert.equal((await inspector.inspect(order(docx(["Hello"])), AT))?.ok, true);
});

test("Inspector.inspect() does not wait for ever for a thread, and is not known when it ends", async (t) => {
  const inspector = open(t, { threads: 1, patienceMs: 100 });
  const first = inspector.inspect(slow(), AT);
  assert.deepEqual(await inspector.inspect(order(docx(["Hello"])), AT), {
    ok: false,
    message: "Not looked through: no thread was free",
  });
  await inspector.close();
  assert.equal((await first)?.ok, false);
  assert.equal((await inspector.inspect(order(docx(["Hello"])), AT))?.ok, false);
});

test("Inspector.inspect() does not know what breaks its thread", async (t) => {
  const inspector = open(t);
  const broken = {
    ...order(docx(["Hello"])),
    detectors: [{ kind: "pattern" as const, name: "a", pattern: "(" }],
  };
  assert.equal((await inspector.inspect(broken, AT))?.ok, false);
  assert.equal((await inspector.inspect(order(docx(["Hello"])), AT))?.ok, true);
});
