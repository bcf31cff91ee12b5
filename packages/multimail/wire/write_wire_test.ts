import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EMAIL, type Email } from "./email.ts";
import { EMAIL_PAGE } from "./email_page.ts";
import { EMAIL_SUMMARY, type EmailSummary } from "./email_summary.ts";
import { MAILBOX, type Mailbox } from "./mailbox.ts";
import { THREAD, type Thread } from "./thread.ts";

const text = fc.string({ maxLength: 20 });
const id = fc.string({ minLength: 1, maxLength: 20 });
const time = fc
  .date({ min: new Date(0), max: new Date("2100-01-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => date.toISOString());
const texts = fc.array(text, { maxLength: 3 });

const SUMMARY = {
  id,
  from: text,
  to: texts,
  cc: texts,
  subject: text,
  status: text,
  direction: text,
  threadId: text,
  hasAttachments: fc.boolean(),
  receivedAt: time,
  deliveredAt: time,
  bouncedAt: time,
  bounceType: text,
  spamScore: fc.integer(),
  spamVerdict: text,
};
/** Not "__proto__", which the reader leaves out: it names no tag, and is meant for whoever copies it. */
const tagName = id.filter((name) => name !== "__proto__");
const NEEDED = ["id", "from", "to", "cc", "subject", "status"] as const;
const summary = fc.record(SUMMARY, {
  noNullPrototype: true,
  requiredKeys: [...NEEDED],
}) as fc.Arbitrary<EmailSummary>;
const attachment = fc.record(
  { name: text, size: fc.nat(), contentType: text },
  { noNullPrototype: true, requiredKeys: ["name"] },
);
const email = fc.record(
  {
    ...SUMMARY,
    markdown: text,
    attachments: fc.array(attachment, { maxLength: 2 }),
    approvedAt: time,
    approvedBy: text,
    tags: fc.dictionary(tagName, text, { maxKeys: 3, noNullPrototype: true }),
  },
  { noNullPrototype: true, requiredKeys: [...NEEDED, "markdown", "attachments"] },
) as fc.Arbitrary<Email>;
const thread = fc.record(
  {
    threadId: id,
    emails: fc.array(summary, { maxLength: 3 }),
    participants: texts,
    messageCount: fc.nat(),
    lastActivity: time,
    hasUnansweredInbound: fc.boolean(),
  },
  { noNullPrototype: true, requiredKeys: ["threadId", "emails", "participants"] },
) as fc.Arbitrary<Thread>;
const clearable = fc.oneof(id, fc.constant(null));
const mailbox = fc.record(
  {
    id,
    tenantId: id,
    address: id,
    displayName: text,
    oversightMode: text,
    autoCc: clearable,
    autoBcc: clearable,
    forwardInbound: fc.boolean(),
    webhookUrl: clearable,
    oversightWebhookUrl: clearable,
    signatureBlock: clearable,
    isActive: fc.boolean(),
    createdAt: time,
  },
  { noNullPrototype: true, requiredKeys: ["id", "address"] },
) as fc.Arbitrary<Mailbox>;

/** As it arrives: what travels is JSON. */
function travel(wire: unknown): unknown {
  return JSON.parse(JSON.stringify(wire));
}

test("EMAIL_SUMMARY.write() writes what EMAIL_SUMMARY.read() reads back as the same", () => {
  fc.assert(
    fc.property(summary, (value) =>
      assert.deepEqual(EMAIL_SUMMARY.read(travel(EMAIL_SUMMARY.write(value))), value),
    ),
  );
});

test("EMAIL_SUMMARY.write() does not say that nobody had a copy when MultiMail did not say", () => {
  const wire = { id: "e1", from: "a@x.example", to: ["b@x.example"], subject: "Hi", status: "read" };
  assert.equal("cc" in EMAIL_SUMMARY.write(EMAIL_SUMMARY.read(wire)), false);
  assert.deepEqual(EMAIL.write(EMAIL.read(wire)).cc, []);
});

test("EMAIL.write() writes what EMAIL.read() reads back as the same", () => {
  fc.assert(fc.property(email, (value) => assert.deepEqual(EMAIL.read(travel(EMAIL.write(value))), value)));
});

test("EMAIL_PAGE.write() writes what EMAIL_PAGE.read() reads back as the same", () => {
  const page = fc.record(
    { emails: fc.array(summary, { maxLength: 3 }), cursor: id },
    { noNullPrototype: true, requiredKeys: ["emails"] },
  );
  fc.assert(
    fc.property(page, (value) => assert.deepEqual(EMAIL_PAGE.read(travel(EMAIL_PAGE.write(value))), value)),
  );
});

test("THREAD.write() writes what THREAD.read() reads back as the same", () => {
  fc.assert(
    fc.property(thread, (value) => assert.deepEqual(THREAD.read(travel(THREAD.write(value))), value)),
  );
});

test("MAILBOX.write() writes what MAILBOX.read() reads back as the same", () => {
  fc.assert(
    fc.property(mailbox, (value) => assert.deepEqual(MAILBOX.read(travel(MAILBOX.write(value))), value)),
  );
});

test("MAILBOX.write() writes flags as 0 and 1 and times as epoch milliseconds, as MultiMail does", () => {
  const wire = MAILBOX.write({
    id: "m",
    address: "a@x.example",
    isActive: true,
    createdAt: "1970-01-01T00:00:01.000Z",
  });
  assert.deepEqual(wire, {
    id: "m",
    address: "a@x.example",
    display_name: null,
    is_active: 1,
    created_at: 1000,
  });
});

test("what MultiMail says besides what is known here is handed on, without addresses and keys that pass by us", () => {
  const more = { mcp_configured: 1, default_gate_timing: "gate_first", nested: { a: [1, null] } };
  const secret = {
    inbound_webhook: "x",
    push_url: "https://x.example/?t=1",
    api_key: "mm_x",
    upload_token: "t",
  };
  const mailbox = { id: "m1", address: "a@acme.example", display_name: null, ...more };
  assert.deepEqual(MAILBOX.write(MAILBOX.read({ ...mailbox, ...secret })), mailbox);
  const summary = {
    id: "e1",
    from: "a@x.example",
    to: ["b@x.example"],
    subject: "Hi",
    status: "read",
    ...more,
  };
  const handedOn = (wire: Record<string, unknown>) =>
    Object.keys(more).every(
      (name) => JSON.stringify(wire[name]) === JSON.stringify(more[name as "nested"]),
    ) && !Object.keys(secret).some((name) => name in wire);
  assert.ok(handedOn(EMAIL_SUMMARY.write(EMAIL_SUMMARY.read({ ...summary, ...secret }))));
  assert.ok(handedOn(EMAIL.write(EMAIL.read({ ...summary, ...secret, markdown: "Hi" }))));
  assert.ok(handedOn(THREAD.write(THREAD.read({ thread_id: "t1", emails: [], ...more, ...secret }))));
});

test("a list hands on no text of an email, whatever MultiMail calls it", () => {
  const text = {
    markdown: "M",
    body: "B",
    body_text: "T",
    html: "H",
    raw: "R",
    snippet: "S",
    preview_text: "P",
  };
  const wire = { id: "e1", from: "a@x.example", to: [], subject: "Hi", status: "read", ...text };
  const listed = EMAIL_SUMMARY.write(EMAIL_SUMMARY.read(wire));
  assert.deepEqual(
    Object.keys(text).filter((name) => name in listed),
    [],
  );
  assert.equal(EMAIL.write(EMAIL.read(wire)).html, "H");
});
