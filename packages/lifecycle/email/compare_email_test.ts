import assert from "node:assert/strict";
import { test } from "node:test";
import type { Email } from "@countersign/multimail";
import type { IntentData } from "@countersign/trail";
import { compareEmail } from "./compare_email.ts";

const MAILBOX = {
  id: "mbx-ops",
  address: "ops@acme.multimail.dev",
  apiKeyEnv: "MULTIMAIL_API_KEY",
  autoBcc: "archive@acme.example",
};
const TEXT = "Dear Jane,\n\nplease pay 100";

/** An intent in which every commitment is its value. */
const INTENT: IntentData = {
  call: "req_1",
  door: "rest",
  action: "send",
  attempted: null,
  effect: "allow",
  held: true,
  findings: [],
  recipients: [
    { field: "to", address: "jane@client.example", domain: "client.example" },
    { field: "cc", address: "joe@client.example", domain: "client.example" },
    { field: "bcc", address: "boss@acme.example", domain: "acme.example" },
  ],
  mailbox: "mbx-ops",
  about: null,
  subject: "Invoice 42",
  body: TEXT,
  body_bytes: TEXT.length,
  attachments: [{ name: "invoice.pdf", content_type: "application/pdf", content: "AAAA", bytes: 3 }],
  send_at: null,
  idempotency_key: "rcp_1",
  caller_key: null,
};
const REPLY: IntentData = {
  ...INTENT,
  action: "reply",
  subject: null,
  recipients: [
    { field: "participant", address: "jane@client.example", domain: "client.example" },
    { field: "participant", address: "team@client.example", domain: "client.example" },
    { field: "cc", address: "joe@client.example", domain: "client.example" },
  ],
};
const EMAIL: Email = {
  id: "01A",
  from: MAILBOX.address,
  to: ["jane@client.example"],
  cc: ["joe@client.example"],
  subject: "Invoice 42",
  markdown: TEXT,
  attachments: [{ name: "invoice.pdf", size: 3, contentType: "application/pdf" }],
  hasAttachments: true,
  status: "pending_send_approval",
};

function compare(shown: Partial<Email>, intent: IntentData = INTENT, erased: readonly string[] = []) {
  const known = [
    ...intent.recipients.map(({ address }) => address),
    ...[intent.subject, intent.body].filter((value) => value !== null),
    ...intent.attachments.flatMap(({ name, content }) => [name, content]),
  ].filter((value) => !erased.includes(value));
  const values = new Map(known.map((value) => [value, value]));
  const { differences, unchecked } = compareEmail(
    { intent, values, mailbox: MAILBOX },
    { ...EMAIL, ...shown },
  );
  return [differences.join(" "), unchecked.join(" ")];
}

test("compareEmail() finds nothing where MultiMail only writes differently", async (t) => {
  const cases: readonly Partial<Email>[] = [
    {},
    { to: ["Jane Doe <Jane@CLIENT.example>"] },
    { to: ["<jane@client.example.>"] },
    { cc: ["archive@acme.example", "joe@client.example"] },
    { subject: " Invoice\r\n 42 " },
    { markdown: TEXT.replaceAll("\n", "\r\n") },
    { markdown: `\n${TEXT.replace("Jane,", "Jane,  ").replace("\n\n", "\n\n\n")}\n` },
    { markdown: `${TEXT}\n\n--\nSent by an AI assistant of ACME` },
    { attachments: [{ name: "invoice.pdf", size: 4, contentType: "Application/PDF; name=invoice.pdf" }] },
    { attachments: [{ name: "invoice.pdf" }] },
  ];
  for (const shown of cases) {
    await t.test(JSON.stringify(shown), () => assert.deepEqual(compare(shown), ["", ""]));
  }
});

test("compareEmail() names every field that is not what was authorised", async (t) => {
  const cases: readonly [Partial<Email>, string][] = [
    [{ to: ["jane@client.example", "spy@evil.example"] }, "to"],
    [{ to: ["spy@evil.example"] }, "to"],
    [{ to: ["jane@client.example.evil.example"] }, "to"],
    [{ to: ["jane@client.example, spy@evil.example"] }, "to"],
    [{ to: ["jane+x@client.example"] }, "to"],
    [{ to: ["joe@client.example"], cc: ["jane@client.example"] }, "to cc"],
    [{ cc: ["joe@client.example", "boss@acme.example"] }, "cc"],
    [{ cc: ["archive@acme.example"] }, "cc"],
    [{ subject: "Invoice 43" }, "subject"],
    [{ subject: "Re: Invoice 42" }, "subject"],
    [{ markdown: `${TEXT}0` }, "body"],
    [{ markdown: `${TEXT} 000` }, "body"],
    [{ markdown: `Hi!\n\n${TEXT}` }, "body"],
    [{ markdown: "Dear Jane" }, "body"],
    [{ markdown: TEXT.replace("pay", "p\u0430y") }, "body"],
    [{ markdown: `${TEXT}\n\n${"Also buy this. ".repeat(100)}` }, "body"],
    [{ attachments: [], hasAttachments: false }, "attachments"],
    [{ attachments: [{ name: "invoice.exe", size: 3 }] }, "attachments"],
    [{ attachments: [{ name: "invoice.pdf", size: 5 }] }, "attachments"],
    [{ attachments: [{ name: "invoice.pdf", contentType: "text/html" }] }, "attachments"],
    [{ attachments: [{ name: "invoice.pdf" }, { name: "invoice.pdf" }] }, "attachments"],
  ];
  for (const [shown, differences] of cases) {
    await t.test(JSON.stringify(shown).slice(0, 100), () => {
      assert.deepEqual(compare(shown), [differences, ""]);
    });
  }
});

test("compareEmail() says what it could not compare", () => {
  assert.deepEqual(compare({ to: [], cc: [], subject: "", markdown: "", attachments: [] }), [
    "",
    "to cc subject body attachments",
  ]);
  assert.deepEqual(compare({}, INTENT, [TEXT, "jane@client.example", "invoice.pdf"]), [
    "",
    "to cc body attachments",
  ]);
  assert.deepEqual(compare({}, INTENT, ["Invoice 42"]), ["", "subject"]);
});

test("compareEmail() lets MultiMail make a reply's recipients and subject, of those who were judged", async (t) => {
  const cases: readonly [Partial<Email>, string][] = [
    [{ subject: "Re: anything" }, ""],
    [{ to: ["jane@client.example", "team@client.example"] }, ""],
    [{ to: ["ops@acme.multimail.dev"], cc: ["team@client.example", "joe@client.example"] }, ""],
    [{ to: ["jane@client.example", "spy@evil.example"] }, "to"],
    [{ cc: ["joe@client.example", "spy@evil.example"] }, "cc"],
    [{ cc: ["team@client.example"] }, "cc"],
  ];
  for (const [shown, differences] of cases) {
    await t.test(JSON.stringify(shown), () => assert.deepEqual(compare(shown, REPLY), [differences, ""]));
  }
});
