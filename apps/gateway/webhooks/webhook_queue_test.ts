import assert from "node:assert/strict";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { EmailTagger } from "../lifecycle/email_tagger.ts";
import { EmailWatch } from "../lifecycle/email_watch.ts";
import { MailboxAlarms } from "../lifecycle/mailbox_alarms.ts";
import { startWorld } from "../testing/start_world.ts";
import { WebhookQueue } from "./webhook_queue.ts";

test("WebhookQueue is full some day, still takes more of what waits, and takes all again later", async (t) => {
  const { world } = await startWorld(t, withFreshKeys(TEAMS).teams);
  const watch = new EmailWatch({
    ...world,
    alarms: new MailboxAlarms(world),
    tagger: new EmailTagger(world),
  });
  const queue = new WebhookQueue({ ...world, watch, policy: () => world.policies().hash });
  const tell = (emailId: string) =>
    queue.add({ event: "message.sent", kind: "message.sent", emailId, to: [] });
  const taken = Array.from({ length: 20_010 }, (_, n) => tell(`01FOREIGN${n}`));
  assert.deepEqual([taken.indexOf(false), taken.filter((one) => !one).length], [20_000, 10]);
  assert.equal(tell("01FOREIGN7"), true);
  while (!tell("01LATER")) await new Promise((resolve) => setTimeout(resolve, 10));
  await queue.stop();
  assert.equal((await world.trail.head()).size, 0);
});
