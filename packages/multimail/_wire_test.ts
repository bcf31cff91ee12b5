import assert from "node:assert/strict";
import { test } from "node:test";
import { convertEmail } from "./email.ts";
import { convertEmailPage } from "./email_page.ts";
import { convertMailbox } from "./mailbox.ts";

const EMAIL = { id: "01E", status: "a_status_of_next_year" };
const MAILBOX = { id: "01M", address: "a@x.example" };

test("convertEmail() takes the least that MultiMail may say", () => {
  assert.deepEqual(convertEmail(EMAIL), {
    id: "01E",
    status: "a_status_of_next_year",
    from: "",
    to: [],
    cc: [],
    subject: "",
    markdown: "",
    attachments: [],
  });
});

test("convertEmail() keeps absent what has another kind than described", () => {
  const odd = {
    ...EMAIL,
    received_at: "yesterday",
    has_attachments: "yes",
    thread_id: 7,
    tags: [1],
    spam_score: "9",
  };
  assert.deepEqual(convertEmail(odd), convertEmail(EMAIL));
});

test("convertEmail() reads every way in which MultiMail writes a time, as UTC", () => {
  for (const time of [
    "2026-01-02T03:04:05Z",
    "2026-01-02T04:04:05+01:00",
    "2026-01-02T03:04:05",
    1767323045000,
  ]) {
    assert.equal(convertEmail({ ...EMAIL, delivered_at: time }).deliveredAt, "2026-01-02T03:04:05.000Z");
  }
  assert.equal(convertEmail({ ...EMAIL, delivered_at: 9e99 }).deliveredAt, undefined);
});

test("convertEmail() takes one address without its array, and guesses at nothing else", () => {
  assert.deepEqual(convertEmail({ ...EMAIL, to: "b@y.example", cc: null }).to, ["b@y.example"]);
  for (const to of [7, [null], [{ email: "b@y.example" }], {}])
    assert.throws(() => convertEmail({ ...EMAIL, to }));
});

test("convertEmail() refuses what has no id or no status", () => {
  for (const wire of [
    null,
    "x",
    [],
    {},
    { id: "01E" },
    { status: "read" },
    { ...EMAIL, id: "x".repeat(201) },
  ]) {
    assert.throws(() => convertEmail(wire));
  }
});

test("convertEmail() is not fooled by tags with the names of an object's own things", () => {
  const { tags } = convertEmail(
    JSON.parse('{"id":"01E","status":"read","tags":{"__proto__":"x","constructor":"y"}}'),
  );
  assert.equal(Object.getPrototypeOf(tags), Object.prototype);
});

test("convertEmailPage() ends when the cursor is null or empty", () => {
  for (const cursor of [null, "", undefined])
    assert.deepEqual(convertEmailPage({ emails: [], cursor }), { emails: [] });
});

test("convertMailbox() tells no copy from nothing said", () => {
  assert.deepEqual(convertMailbox({ ...MAILBOX, auto_cc: null, auto_bcc: "" }), {
    ...MAILBOX,
    autoCc: null,
    autoBcc: null,
  });
  assert.deepEqual(convertMailbox(MAILBOX), MAILBOX);
});

test("convertMailbox() refuses a copy that it cannot read", () => {
  for (const auto_bcc of [["a@x.example"], { address: "a@x.example" }, 1]) {
    assert.throws(() => convertMailbox({ ...MAILBOX, auto_bcc }));
  }
});

test("convertMailbox() reads truths that are written as numbers, and no others", () => {
  const read = (is_active: unknown) => convertMailbox({ ...MAILBOX, is_active }).isActive;
  assert.deepEqual([1, 0, true, false, 2, "1", null].map(read), [
    true,
    false,
    true,
    false,
    undefined,
    undefined,
    undefined,
  ]);
});
