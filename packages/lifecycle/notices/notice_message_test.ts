import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeMessage, noticeWords } from "./notice_message.ts";

const NOTICE = {
  id: "ntc_1",
  team: "finance",
  about: "waiting",
  link: "https://c.example/queue",
  isReceived: false,
} as const;

test("noticeWords() says how many of whose wait and how long, and names a few assistants only", () => {
  const facts = (...names: readonly string[]) =>
    names.map((assistant, index) => ({ receipt: `r${index}`, assistant, heldAt: index * 60_000 }));
  const words = (about: "waiting" | "reminder" | "escalated", names: readonly string[], at: number) =>
    noticeWords(noticeMessage({ ...NOTICE, about }, facts(...names), at), { to: "person" });
  assert.deepEqual(words("waiting", ["a"], 59_999), {
    title: "1 email of team finance waits for a decision",
    detail: "Written by a (1). It has waited for less than a minute.",
    action: "Open the queue",
  });
  const many = words("reminder", ["a", "b", "b", "c", "d", "e", "f", "g"], 3_600_000 * 2.5);
  assert.equal(many.title, "8 emails of team finance still wait for a decision");
  assert.equal(
    many.detail,
    "Written by b (2), a (1), c (1), d (1), e (1), 2 more. The first has waited for 2 hours.",
  );
  const { title, detail } = words("escalated", ["a"], 86_400_000 + 3_600_000);
  assert.equal(title, "Nobody has decided on 1 email of team finance: you may decide now too");
  assert.match(detail, /It has waited for 1 day 1 hour\.$/);
  assert.match(words("waiting", ["a"], 86_400_000 * 9.5).detail, /for 9 days\.$/);
});

test("noticeWords() of received email name no assistant, and lead to what came in", () => {
  const facts = [
    { receipt: "in_1", heldAt: 0 },
    { receipt: "in_2", heldAt: 1 },
  ];
  assert.deepEqual(
    noticeWords(noticeMessage({ ...NOTICE, isReceived: true }, facts, 120_000), { to: "channel" }),
    {
      title: "2 received emails of team finance wait for a decision",
      detail: "No assistant sees it yet. The first has waited for 2 minutes.",
      action: "Open what came in",
    },
  );
});

test("noticeMessage() of an email that a faster clock held waits for no time", () => {
  const { since } = noticeMessage(NOTICE, [{ receipt: "a", assistant: "b", heldAt: 10 }], 5);
  assert.equal(since, 5);
});
