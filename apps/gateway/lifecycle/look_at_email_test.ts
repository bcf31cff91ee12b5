import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { receiptState } from "@countersign/lifecycle";
import { type Email, MultiMailClient } from "@countersign/multimail";
import type { LifecycleData } from "@countersign/trail";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import { EmailTagger } from "./email_tagger.ts";
import { lookAtEmail } from "./look_at_email.ts";
import { MailboxAlarms } from "./mailbox_alarms.ts";

const HOUR = 60 * 60_000;

/** A team whose email is held, and leaves from 8 to 18 o'clock: it is noon. */
function team(rules = ""): Readonly<Record<string, string>> {
  return {
    "ops.yaml": `
team: ops
mailbox: { id: mbx-ops, address: ops@acme.multimail.dev }
oversight: gated_all
approvers: [lead@acme.example]
assistants: [{ id: writer, keys: ["KEY"] }]
recipients: { internal: [acme.example], external: allow }
hours: { days: mon-fri, from: "08:00", to: "18:00", timezone: UTC, outside: schedule }
${rules}
`,
  };
}

interface Scene {
  readonly started: TestWorld;
  /** Asks for an email and waits so many hours before it is decided on; what then is on record. */
  decideAfter(hours: number, action?: "approve" | "reject", more?: object): Promise<readonly LifecycleData[]>;
}

async function open(t: TestContext, rules = "", alter = (email: Email): Email => email): Promise<Scene> {
  const started = await startWorld(t, team(rules));
  const { world, sandbox } = started;
  const lead = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.oversightKey });
  t.after(() => lead.close());
  const alarms = new MailboxAlarms({ ...world });
  const clientFor: typeof world.clientFor = (policy) =>
    new Proxy(world.clientFor(policy), {
      get: (client, name) =>
        name === "getEmail"
          ? async (mailbox: string, id: string) => alter(await client.getEmail(mailbox, id))
          : Reflect.get(client, name).bind(client),
    });
  const looked = async (receipt: string) =>
    lookAtEmail(
      receipt,
      { learntBy: "polling" },
      { ...world, clientFor, alarms, tagger: new EmailTagger(world) },
    );
  return {
    started,
    decideAfter: async (hours, action = "approve", more = {}) => {
      const email = { to: "ann@client.example", subject: "Offer", body: "It is good", ...more };
      const outcome = await started.ask("ops/writer", email);
      assert.ok(outcome.kind === "taken", JSON.stringify(outcome));
      await looked(outcome.receipt);
      started.advance(hours * HOUR);
      await lead.decide(outcome.emailId ?? "", action);
      await looked(outcome.receipt);
      const records = await world.trail.recordsOf(outcome.receipt);
      return records.flatMap(({ record }) =>
        record.kind === "lifecycle" && record.data.event !== "unknown" ? [record.data] : [],
      );
    },
  };
}

const late = (events: readonly LifecycleData[]) =>
  events.filter(({ outside_hours }) => outside_hours === true).map(({ event }) => event);

async function counted({ started: { world } }: Scene): Promise<string | undefined> {
  const now = {
    openIntents: 0,
    oldestMailboxSeconds: 0,
    mailboxes: { verified: 0, different: 0, stale: 0, unseen: 0, stopped: 0 },
  };
  return /countersign_left_outside_hours_total (\d+)/.exec(await world.metrics.text(now))?.[1];
}

test("lookAtEmail() records and counts email that was approved late, and left outside the hours", async (t) => {
  const scene = await open(t);
  const events = await scene.decideAfter(7);
  assert.deepEqual(
    events.map(({ event }) => event),
    ["held", "approved", "sent", "delivered"],
  );
  assert.deepEqual(late(events), ["sent"]);
  assert.equal(await counted(scene), "1");
  const [intent] = await scene.started.world.trail.openIntents();
  assert.equal(intent, undefined);
  for await (const { record } of scene.started.world.trail.records({ kind: "intent" })) {
    const state = receiptState(await scene.started.world.trail.recordsOf(record.receipt ?? ""));
    assert.match(state?.message ?? "", /approved late, and left outside your team's working hours/);
  }
});

test("lookAtEmail() says nothing of hours when an email leaves in them, or may leave at any time", async (t) => {
  const cases: readonly [name: string, hours: number, rules: string, left: readonly string[]][] = [
    ["in the hours", 1, "", []],
    ["until just before their end", 5.99, "", []],
    ["at their end", 6, "", ["sent"]],
    ["at the weekend", 5 * 24, "", ["sent"]],
    ["the rule only warns", 7, "rules: { hours: warn }", []],
    ["an exception", 7, exception("recipients: ['*@client.example']"), []],
    ["an exception for others", 7, exception("recipients: ['*@other.example']"), ["sent"]],
    ["an exception that has ended", 7, exception("", "2026-03-01"), ["sent"]],
  ];
  for (const [name, hours, rules, left] of cases) {
    await t.test(name, async (t) => {
      const scene = await open(t, rules);
      assert.deepEqual(late(await scene.decideAfter(hours)), left);
      assert.equal(await counted(scene), String(left.length));
    });
  }
});

test("lookAtEmail() says nothing of hours of email that was rejected, or left in them at its own time", async (t) => {
  const scene = await open(t);
  assert.deepEqual(late(await scene.decideAfter(7, "reject")), []);
  // Approved at night, for nine o'clock.
  const more = { subject: "Later", send_at: "2026-03-04T09:00:00Z" };
  const events = await (await open(t)).decideAfter(7, "approve", more);
  assert.deepEqual([events.at(-1)?.event, late(events)], ["scheduled", []]);
});

test("lookAtEmail() goes by when an email was approved where MultiMail does not say when it left", async (t) => {
  const silent = await open(t, "", ({ deliveredAt: _, ...email }) => email);
  assert.deepEqual(late(await silent.decideAfter(7)), ["sent"]);
  const inTime = await open(t, "", ({ deliveredAt: _, ...email }) => email);
  assert.deepEqual(late(await inTime.decideAfter(1)), []);
});

test("lookAtEmail() records who rejected an email, and why, where MultiMail says so", async (t) => {
  const said = { rejectedBy: "lead@acme.example", rejectionReason: "Not to Ann" };
  const { started, decideAfter } = await open(t, "", (email) => ({ ...email, ...said }));
  const rejected = (await decideAfter(1, "reject")).find(({ event }) => event === "rejected");
  const values = await started.world.trail.unseal([rejected?.by ?? "", rejected?.reason ?? ""]);
  assert.deepEqual([...values.values()], ["lead@acme.example", "Not to Ann"]);
  assert.equal(rejected?.decided_by, "approver");
});

function exception(more: string, expires = "2099-12-31"): string {
  return `exceptions:
  - rule: hours
    reason: A test
    owner: lead@acme.example
    expires: ${expires}
    ${more}`;
}

test("lookAtEmail() puts what it learns on record in one commit, and once if two look at the same time", async (t) => {
  const { started } = await open(t);
  const { world, sandbox } = started;
  const lead = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.oversightKey });
  t.after(() => lead.close());
  const outcome = await started.ask("ops/writer", {
    to: "ann@client.example",
    subject: "Offer",
    body: "Good",
  });
  assert.ok(outcome.kind === "taken" && outcome.emailId !== undefined);
  await lead.decide(outcome.emailId, "approve");
  const commits: number[] = [];
  const tryAppendAll = world.trail.tryAppendAll.bind(world.trail);
  world.trail.tryAppendAll = (entries) => {
    commits.push(entries.length);
    return tryAppendAll(entries);
  };
  const looking = { ...world, alarms: new MailboxAlarms({ ...world }), tagger: new EmailTagger(world) };
  const look = () => lookAtEmail(outcome.receipt, { learntBy: "polling" }, looking);
  await Promise.all([look(), look()]);
  const learnt = (await world.trail.recordsOf(outcome.receipt)).slice(2).map(({ record }) => record);
  const names = learnt.map((record) => (record.kind === "lifecycle" ? record.data.event : record.kind));
  assert.deepEqual(names, ["readback", "held", "approved", "sent", "delivered"]);
  assert.deepEqual(commits, [names.length, names.length]);
});
