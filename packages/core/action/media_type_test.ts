import assert from "node:assert/strict";
import { test } from "node:test";
import { fileNameProblem } from "./file_name.ts";
import { canonicalMediaType } from "./media_type.ts";
import { parseSend } from "./parse_email.ts";

test("canonicalMediaType() leaves the bare type, and the character set of text", async (t) => {
  const labels: readonly (readonly [label: string, canonical: string | undefined])[] = [
    ["text/csv", "text/csv"],
    ["Application/PDF ", "application/pdf"],
    ['text/csv; name="report.bat"', "text/csv"],
    ["text/csv;name=report.bat;charset=UTF-8", "text/csv; charset=utf-8"],
    ['text/plain; charset="us-ascii"; format=flowed', "text/plain; charset=us-ascii"],
    ["application/pdf; charset=utf-8; filename*=utf-8''a.exe", "application/pdf"],
    ["text/csv;", "text/csv"],
    ["text/csv; charset=utf-7", undefined],
    ["text/csv; charset=utf-8; charset=utf-16", undefined],
    ["text/csv; charset*=utf-8''utf-7", undefined],
    ["text/csv; charset=", undefined],
    ["text/csv, text/html", undefined],
    ["text", undefined],
    ["text/csv\r\nX: y", undefined],
  ];
  for (const [label, canonical] of labels)
    await t.test(label, () => assert.equal(canonicalMediaType(label), canonical));
});

test("fileNameProblem() refuses names that programs read differently", async (t) => {
  const refused = [
    ".",
    "..",
    " ",
    "a/b.csv",
    "a\\b.csv",
    "=?utf-8?B?YS5leGU=?=",
    "report=?utf-8?q?=2eexe?=.csv",
    "utf-8''a%2Eexe.csv",
    "fdp.\u202excod",
    "a\u200b.csv",
    "a\u0007.csv",
    "a\u2028.csv",
    "a\ufeff.csv",
    'a.csv"; filename="b.exe',
    "a.csv ",
    "a.csv.",
    " a.csv",
    "a?.csv",
  ];
  for (const name of refused)
    await t.test(JSON.stringify(name), () => assert.notEqual(fileNameProblem(name), undefined));
  for (const name of [
    "report.csv",
    "Rechnung März.pdf",
    "报告.pdf",
    "O'Brien's (1).pdf",
    "a=b.csv",
    "👩‍💻.png",
  ])
    await t.test(name, () => assert.equal(fileNameProblem(name), undefined));
});

test("parseSend() keeps of a file's label what is judged, and refuses the rest by its field", () => {
  const send = (file: object) =>
    parseSend({
      to: "a@b.example",
      subject: "x",
      body: "y",
      attachments: [{ name: "a.csv", content_type: "text/csv", content_base64: "YQ==", ...file }],
    });
  const kept = send({ content_type: 'Text/CSV; name="report.bat"; charset=UTF-8' });
  assert.ok(kept.name === "send");
  assert.equal(kept.draft.attachments[0]?.contentType, "text/csv; charset=utf-8");
  for (const file of [
    { name: ".." },
    { name: "=?utf-8?B?YS5leGU=?=" },
    { content_type: "text/csv; charset=utf-7" },
  ]) {
    const refused = send(file);
    assert.ok(refused.name === "invalid");
    assert.equal(refused.problems[0]?.field, `attachments.0.${Object.keys(file)[0]}`);
  }
});
