import assert from "node:assert/strict";
import { test } from "node:test";
import { invalid } from "@countersign/core/action";
import { maskAddresses, ownWords, recordableFinding, recordableMediaType } from "./recordable_text.ts";

test("ownWords() keeps the words of the product, and no others", () => {
  const cases: Readonly<Record<string, string>> = {
    "GET /v1/contacts/jane-doe": "GET /v1/contacts/…",
    "POST /v1/mailboxes/mbx-1/emails/01HX/attachments/jane.pdf":
      "POST /v1/mailboxes/…/emails/…/attachments/….…",
    "DELETE /jane%20doe/": "DELETE /…/",
    "tool jane_doe": "tool …",
    "tools/call": "tools/call",
    "attachments.3.filename": "attachments.3.filename",
    "metrics.jane": "metrics.…",
    send: "send",
  };
  for (const [text, wanted] of Object.entries(cases)) assert.equal(ownWords(text), wanted, text);
});

test("recordableMediaType() keeps a type that is known, without parameters but a character set", () => {
  const cases: Readonly<Record<string, string>> = {
    'application/pdf; name="jane.pdf"': "application/pdf",
    "text/csv; charset=utf-8; x=jane": "text/csv; charset=utf-8",
    "jane/doe": "other",
    "text/jane": "other",
    jane: "other",
    "": "other",
  };
  for (const [label, wanted] of Object.entries(cases))
    assert.equal(recordableMediaType(label), wanted, label);
});

test("recordableFinding() names no field that a caller made up", () => {
  const action = {
    ...invalid("invalid_request", "send", ""),
    problems: [
      { field: "jane_doe", message: "Unknown field" },
      { field: "subject", message: "Give a text" },
    ],
  };
  assert.equal(recordableFinding("jane_doe: Unknown field", action), "…: Unknown field");
  assert.equal(recordableFinding("subject: Give a text", action), "subject: Give a text");
});

test("maskAddresses() hides who it is, and nothing else", async (t) => {
  const cases: Readonly<Record<string, string>> = {
    'teams/a.yaml:3:5: Not an address: "jane.doe+x@acme.example" (approvers[0])':
      'teams/a.yaml:3:5: Not an address: "…@acme.example" (approvers[0])',
    "a@b.example, <c@d.example>": "…@b.example, <…@d.example>",
    'Write "*@acme.example"': 'Write "…@acme.example"',
    "zoë@münchen.example": "…@münchen.example",
    '"jane@@acme.example"': '"…@acme.example"',
    "an @ alone": "an @ alone",
  };
  for (const [text, masked] of Object.entries(cases)) {
    await t.test(text, () => assert.equal(maskAddresses(text), masked));
  }
});
