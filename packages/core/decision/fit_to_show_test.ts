import assert from "node:assert/strict";
import { test } from "node:test";
import { isFitToAnswer, isFitToShow } from "./fit_to_show.ts";

/** Every status that MultiMail documents, and some that nobody knows. */
const STATUSES = [
  ...[
    "unread",
    "read",
    "archived",
    "deleted",
    "pending_send_approval",
    "pending_inbound_approval",
    "rejected",
  ],
  ...["cancelled", "send_failed", "scheduled", "spam_flagged", "spam_quarantined", "pending_scan"],
  ...["", "sent", "delivered", "Read", "read ", "approved", "released", "constructor"],
];

const shown = (isOwn: boolean, hasLeft: boolean) =>
  STATUSES.filter((status) => isFitToShow({ status, isOwn, hasLeft }));
const answered = (isOwn: boolean, hasLeft: boolean) =>
  STATUSES.filter((status) => isFitToAnswer({ status, isOwn, hasLeft }));

test("isFitToShow() shows received email in no status but those known to be fit", () => {
  for (const hasLeft of [false, true]) {
    assert.deepEqual(shown(false, hasLeft), ["unread", "read", "archived"]);
    assert.deepEqual(answered(false, hasLeft), ["unread", "read", "archived"]);
  }
});

test("isFitToShow() shows the mailbox's own email on its way, and what MultiMail says has left", () => {
  const underWay = [
    "pending_send_approval",
    "rejected",
    "cancelled",
    "send_failed",
    "scheduled",
    "pending_scan",
  ];
  const lying = ["unread", "read", "archived", "sent", "delivered"];
  const unknown = ["", "Read", "read ", "approved", "released", "constructor"];
  assert.deepEqual(new Set(shown(true, false)), new Set([...underWay, ...lying]));
  assert.deepEqual(new Set(shown(true, true)), new Set([...underWay, ...lying, ...unknown]));
});

test("isFitToAnswer() answers the mailbox's own email only when it has left", () => {
  assert.deepEqual(answered(true, false), ["unread", "read", "archived", "sent", "delivered"]);
  assert.ok(!isFitToAnswer({ status: "rejected", isOwn: true, hasLeft: true }));
  assert.ok(isFitToAnswer({ status: "whatever", isOwn: true, hasLeft: true }));
});
