import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveMailbox } from "@countersign/core/decision";
import { linkTeams } from "@countersign/lifecycle/testing/link-teams";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { mailboxState } from "./mailbox_state.ts";

const MINUTE = 60_000;
const SEEN: LiveMailbox = { oversight: "monitored", allowlist: [], active: true, seenAt: 0 };

/** The state, and how many things are told, of a mailbox that MultiMail last showed like this. */
function judged(live: LiveMailbox | undefined, { now = 0, stopped = "", notice = "" } = {}) {
  const policy = linkTeams(withFreshKeys(TEAMS).teams).teams.get("marketing");
  assert.ok(policy !== undefined);
  const { state, details, notices } = mailboxState(policy, {
    live: { peek: () => live } as unknown as Parameters<typeof mailboxState>[1]["live"],
    clock: () => now,
    stopOf: () => stopped || undefined,
    noticesOf: () => (notice === "" ? [] : [notice]),
  });
  return [state, details.length, details[0] ?? "", ...(notices ?? [])];
}

test("mailboxState() tells what is known of a mailbox", () => {
  const copied = { ...SEEN, autoBcc: "spy@evil.example" };
  assert.deepEqual(judged(SEEN), ["verified", 0, ""]);
  assert.equal(judged(copied)[0], "different");
  assert.equal(judged(copied, { now: 6 * MINUTE })[0], "stale");
  assert.equal(judged(undefined)[0], "unseen");
});

test("mailboxState() tells of a stopped mailbox also what a person has to mend before clearing it", () => {
  const copied = { ...SEEN, autoBcc: "spy@evil.example" };
  assert.deepEqual(judged(copied, { stopped: "Why" }), ["stopped", 2, "Why"]);
  assert.deepEqual(judged(SEEN, { stopped: "Why" }), ["stopped", 1, "Why"]);
});

test("mailboxState() tells what people should look at though it stops nothing, whatever MultiMail says of the mailbox", () => {
  assert.deepEqual(judged(SEEN, { notice: "Look" }), ["verified", 0, "", "Look"]);
  assert.deepEqual(judged(undefined, { notice: "Look" }).at(-1), "Look");
  assert.deepEqual(judged(SEEN, { notice: "Look", stopped: "Why" }), ["stopped", 1, "Why", "Look"]);
});
