import assert from "node:assert/strict";
import { test } from "node:test";
import { EMAIL } from "./email.ts";
import { EMAIL_PAGE } from "./email_page.ts";
import { MAILBOX } from "./mailbox.ts";

const LEAST_EMAIL = { id: "01E", status: "a_status_of_next_year" };
const LEAST_MAILBOX = { id: "01M", address: "a@x.example" };

test("EMAIL.read() takes the least that MultiMail may say", () => {
  assert.deepEqual(EMAIL.read(LEAST_EMAIL), {
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

test("EMAIL.read() keeps absent what has another kind than described", () => {
  const odd = {
    ...LEAST_EMAIL,
    received_at: "yesterday",
    has_attachments: "yes",
    thread_id: 7,
    tags: [1],
    spam_score: "9",
  };
  assert.deepEqual(EMAIL.read(odd), EMAIL.read(LEAST_EMAIL));
});

test("EMAIL.read() reads every way in which MultiMail writes a time, as UTC", () => {
  for (const time of [
    "2026-01-02T03:04:05Z",
    "2026-01-02T04:04:05+01:00",
    "2026-01-02T03:04:05",
    1767323045000,
  ]) {
    assert.equal(EMAIL.read({ ...LEAST_EMAIL, delivered_at: time }).deliveredAt, "2026-01-02T03:04:05.000Z");
  }
  assert.equal(EMAIL.read({ ...LEAST_EMAIL, delivered_at: 9e99 }).deliveredAt, undefined);
});

test("EMAIL.read() takes one address without its array, and guesses at nothing else", () => {
  assert.deepEqual(EMAIL.read({ ...LEAST_EMAIL, to: "b@y.example", cc: null }).to, ["b@y.example"]);
  for (const to of [7, [null], [{ email: "b@y.example" }], {}])
    assert.throws(() => EMAIL.read({ ...LEAST_EMAIL, to }));
});

test("EMAIL.read() refuses what has no id or no status", () => {
  for (const wire of [
    null,
    "x",
    [],
    {},
    { id: "01E" },
    { status: "read" },
    { ...LEAST_EMAIL, id: "x".repeat(201) },
  ]) {
    assert.throws(() => EMAIL.read(wire));
  }
});

test("EMAIL.read() is not fooled by tags with the names of an object's own things", () => {
  const { tags } = EMAIL.read(
    JSON.parse('{"id":"01E","status":"read","tags":{"__proto__":"x","constructor":"y"}}'),
  );
  assert.equal(Object.getPrototypeOf(tags), Object.prototype);
});

test("EMAIL_PAGE.read() ends when the cursor is null or empty", () => {
  for (const cursor of [null, "", undefined])
    assert.deepEqual(EMAIL_PAGE.read({ emails: [], cursor }), { emails: [] });
});

test("MAILBOX.read() tells no copy from nothing said", () => {
  assert.deepEqual(MAILBOX.read({ ...LEAST_MAILBOX, auto_cc: null, auto_bcc: "" }), {
    ...LEAST_MAILBOX,
    autoCc: null,
    autoBcc: null,
  });
  assert.deepEqual(MAILBOX.read(LEAST_MAILBOX), LEAST_MAILBOX);
});

test("MAILBOX.read() refuses a copy that it cannot read", () => {
  for (const auto_bcc of [["a@x.example"], { address: "a@x.example" }, 1]) {
    assert.throws(() => MAILBOX.read({ ...LEAST_MAILBOX, auto_bcc }));
  }
});

test("MAILBOX.read() reads truths that are written as numbers, and no others", () => {
  const read = (is_active: unknown) => MAILBOX.read({ ...LEAST_MAILBOX, is_active }).isActive;
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
