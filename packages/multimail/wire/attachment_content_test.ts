import assert from "node:assert/strict";
import { test } from "node:test";
import { convertAttachmentContent } from "./attachment_content.ts";

const JSON_TYPE = "application/json; charset=utf-8";

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

test("convertAttachmentContent() unwraps base64", () => {
  const body = json({ name: "a.txt", content_type: "text/plain", content_base64: "aGk=" });
  assert.deepEqual(convertAttachmentContent(JSON_TYPE, body), {
    kind: "bytes",
    contentType: "text/plain",
    bytes: Buffer.from("hi"),
  });
});

test("convertAttachmentContent() gives the URL of a large attachment", () => {
  const body = json({ url: "https://files.example/a?sig=1", content_type: "video/mp4" });
  assert.deepEqual(convertAttachmentContent(JSON_TYPE, body), {
    kind: "url",
    contentType: "video/mp4",
    url: "https://files.example/a?sig=1",
  });
});

test("convertAttachmentContent() leaves an attached JSON file alone", () => {
  for (const file of [
    { url: "https://x.example", order: 7 },
    [1],
    "text",
    { content_base64: 7 },
    { url: "javascript:alert(1)" },
  ]) {
    const body = json(file);
    assert.deepEqual(convertAttachmentContent(JSON_TYPE, body), {
      kind: "bytes",
      contentType: JSON_TYPE,
      bytes: body,
    });
  }
  const broken = Buffer.from("{");
  assert.deepEqual(convertAttachmentContent(JSON_TYPE, broken).kind, "bytes");
});

test("convertAttachmentContent() unwraps base64 as large as an answer may be", () => {
  const body = json({ content_base64: Buffer.alloc(20 * 1024 * 1024).toString("base64") });
  const content = convertAttachmentContent(JSON_TYPE, body);
  assert.equal(content.kind === "bytes" && content.bytes.length, 20 * 1024 * 1024);
});

test("convertAttachmentContent() calls a file without a type bytes", () => {
  assert.equal(
    convertAttachmentContent(undefined, json({ url: "https://x.example" })).contentType,
    "application/octet-stream",
  );
});
