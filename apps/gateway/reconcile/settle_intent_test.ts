import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddress } from "@countersign/core/address";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import type { Outcome } from "../enforce/outcome.ts";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import { settleIntent } from "./settle_intent.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WRITER = "marketing/writer";
const HELLO = { to: "jane@acme.example", subject: "Hello", body: "Hello Jane" };

/** The teams, with one thing changed in a file. */
function changed(file: string, from: string, to: string): TeamTexts {
  const text = TEAMS[file] ?? "";
  assert.ok(text.includes(from));
  return { ...TEAMS, [file]: text.replace(from, to) };
}

function statusOf(outcome: Outcome): string {
  return outcome.kind === "taken" ? outcome.status : outcome.kind;
}

test("settleIntent() sends an email that MultiMail never got, with the key on record", async (t) => {
  const { world, askAndDie, outbox, outcomes, accepted } = await startWorld(t, TEAMS);
  const intent = await askAndDie(WRITER, HELLO, "after_intent");
  assert.deepEqual(await outbox(), []);
  assert.deepEqual(await settleIntent(intent, world), { settled: true });
  const { receipt } = intent.record;
  assert.deepEqual(
    (await outbox()).map(({ idempotency_key }) => idempotency_key),
    [receipt],
  );
  const [outcome] = await outcomes(receipt);
  assert.deepEqual([outcome?.result, outcome?.learnt_by], ["accepted", "idempotency_key"]);
  assert.deepEqual(
    accepted.map((email) => email.receipt),
    [receipt],
  );
  assert.deepEqual(await world.trail.openIntents(), []);
});

test("settleIntent() learns of an email that MultiMail took before the gateway died", async (t) => {
  const { world, askAndDie, outbox, outcomes } = await startWorld(t, TEAMS);
  const intent = await askAndDie(WRITER, HELLO, "after_send");
  assert.equal((await outbox()).length, 1);
  assert.deepEqual(await settleIntent(intent, world), { settled: true });
  assert.equal((await outbox()).length, 1);
  const [outcome] = await outcomes(intent.record.receipt);
  assert.deepEqual([outcome?.result, outcome?.multimail_status], ["accepted", "already_sent"]);
});

test("settleIntent() does not ask for an intent that ended since it was listed", async (t) => {
  const { world, ask, control, outbox, outcomes } = await startWorld(t, TEAMS);
  await control("POST", "/sandbox/faults", { fault: "rate_limited" });
  let listed = await world.trail.openIntents();
  const peeking = {
    ...world,
    clientFor: (policy: Parameters<typeof world.clientFor>[0]) => {
      void world.trail.openIntents().then((intents) => {
        listed = intents;
      });
      return world.clientFor(policy);
    },
  };
  const outcome = await ask(WRITER, HELLO, peeking);
  assert.equal(statusOf(outcome), "failed");
  const [intent] = listed;
  assert.ok(intent !== undefined);
  assert.deepEqual(await settleIntent(intent, world), { settled: true });
  assert.deepEqual(await outbox(), []);
  assert.equal((await outcomes(intent.record.receipt)).length, 1);
});

test("settleIntent() takes a 409 on asking again for no answer while the email may be there", async (t) => {
  const { world, multimail, askAndDie, advance, outbox, outcomes } = await startWorld(t, TEAMS);
  const intent = await askAndDie(WRITER, HELLO, "after_intent");
  // Somebody else sends the same from the mailbox: MultiMail takes the question for a duplicate.
  await multimail.send(
    "mbx-marketing",
    { to: [HELLO.to], subject: HELLO.subject, markdown: HELLO.body },
    { idempotencyKey: "theirs" },
  );
  advance(30_000);
  const result = await settleIntent(intent, world);
  assert.ok(!result.settled);
  assert.match(result.why, /409/);
  assert.deepEqual(await outcomes(intent.record.receipt), []);
  // A minute later MultiMail knows content no longer, and the key decides.
  advance(MINUTE);
  assert.deepEqual(await settleIntent(intent, world), { settled: true });
  const keys = (await outbox()).map(({ idempotency_key }) => idempotency_key);
  assert.deepEqual(keys, ["theirs", intent.record.receipt]);
});

test("settleIntent() asks nobody to send what the policy allows no longer", async (t) => {
  const drifts: Readonly<Record<string, (stack: TestWorld) => unknown>> = {
    "the live mailbox has a hidden copy": ({ control }) =>
      control("POST", "/sandbox/mailboxes/mbx-marketing", { auto_bcc: "spy@evil.example" }),
    "the recipient is denied now": ({ setTeams }) =>
      setTeams(changed("marketing.yaml", "external: deny", "external: deny, deny: [jane@acme.example]")),
    "the assistant is gone": ({ setTeams }) => setTeams(changed("marketing.yaml", "id: writer", "id: other")),
  };
  for (const [name, drift] of Object.entries(drifts)) {
    await t.test(`${name}: never sent, so it ends as refused after two minutes`, async (t) => {
      const stack = await startWorld(t, TEAMS);
      const intent = await stack.askAndDie(WRITER, HELLO, "after_intent");
      await drift(stack);
      const restarted = stack.another();
      const soon = await settleIntent(intent, restarted);
      assert.deepEqual(soon, { settled: false, why: "It may still be on its way" });
      stack.advance(2 * MINUTE);
      assert.deepEqual(await settleIntent(intent, restarted), { settled: true });
      const [outcome] = await stack.outcomes(intent.record.receipt);
      assert.deepEqual([outcome?.result, outcome?.learnt_by], ["refused", "listing"]);
      assert.deepEqual(await stack.outbox(), []);
    });
    await t.test(`${name}: sent before, so it is found by listing`, async (t) => {
      const stack = await startWorld(t, TEAMS);
      const intent = await stack.askAndDie(WRITER, HELLO, "after_send");
      await drift(stack);
      assert.deepEqual(await settleIntent(intent, stack.another()), { settled: true });
      const [outcome] = await stack.outcomes(intent.record.receipt);
      assert.deepEqual([outcome?.result, outcome?.learnt_by], ["accepted", "listing"]);
      assert.equal((await stack.outbox()).length, 1);
    });
  }
});

test("settleIntent() lets nothing leave unseen that was allowed because a person would see it", async (t) => {
  const { world, setTeams, control, askAndDie, advance, outbox, outcomes } = await startWorld(t, TEAMS);
  const intent = await askAndDie("finance/chaser", HELLO, "after_intent");
  setTeams(changed("finance.yaml", "oversight: gated_all", "oversight: monitored"));
  await control("POST", "/sandbox/mailboxes/mbx-finance", { mode: "monitored" });
  advance(6 * MINUTE);
  assert.deepEqual(await settleIntent(intent, world), { settled: true });
  assert.equal((await outcomes(intent.record.receipt))[0]?.result, "refused");
  assert.deepEqual(await outbox(), []);
});

test("settleIntent() counts two minutes from when MultiMail was last asked", async (t) => {
  const { world, control, askAndDie, advance, outcomes } = await startWorld(t, TEAMS);
  const intent = await askAndDie(WRITER, HELLO, "after_intent");
  const fault = (name: string) => control("POST", "/sandbox/faults", { fault: name });
  advance(10 * MINUTE);
  await fault("drop_before_accept");
  const lost = await settleIntent(intent, world);
  assert.ok(!lost.settled);
  advance(MINUTE);
  await fault("rate_limited");
  assert.equal((await settleIntent(intent, world, lost.askedAt)).settled, false);
  assert.deepEqual(await outcomes(intent.record.receipt), []);
  advance(MINUTE);
  await fault("rate_limited");
  assert.equal((await settleIntent(intent, world, lost.askedAt)).settled, true);
  assert.equal((await outcomes(intent.record.receipt))[0]?.result, "refused");
});

test("settleIntent() looks through the outbound email once MultiMail has forgotten the key", async (t) => {
  await t.test("it is there", async (t) => {
    const { world, askAndDie, advance, outcomes, outbox } = await startWorld(t, TEAMS);
    const intent = await askAndDie(WRITER, HELLO, "after_send");
    advance(25 * HOUR);
    assert.deepEqual(await settleIntent(intent, world), { settled: true });
    const [outcome] = await outcomes(intent.record.receipt);
    assert.deepEqual([outcome?.result, outcome?.learnt_by], ["accepted", "listing"]);
    assert.equal((await outbox()).length, 1);
  });
  await t.test("it is not there", async (t) => {
    const { world, askAndDie, advance, outcomes, outbox, ask } = await startWorld(t, TEAMS);
    const intent = await askAndDie(WRITER, HELLO, "after_intent");
    advance(25 * HOUR);
    assert.deepEqual(await settleIntent(intent, world), { settled: true });
    assert.equal((await outcomes(intent.record.receipt))[0]?.result, "refused");
    assert.deepEqual(await outbox(), []);
    assert.equal(statusOf(await ask(WRITER, HELLO)), "queued");
  });
  await t.test("MultiMail does not list it now", async (t) => {
    const { world, control, askAndDie, advance, outcomes } = await startWorld(t, TEAMS);
    const intent = await askAndDie(WRITER, HELLO, "after_send");
    advance(25 * HOUR);
    await control("POST", "/sandbox/faults", { fault: "error_500_before", match: { path: "/emails" } });
    const result = await settleIntent(intent, world);
    assert.ok(!result.settled);
    assert.deepEqual(await outcomes(intent.record.receipt), []);
    assert.deepEqual(
      (await world.trail.openIntents()).map(({ record }) => record.receipt),
      [intent.record.receipt],
    );
    assert.deepEqual(await settleIntent(intent, world), { settled: true });
  });
});

/** An office that replies, and that writes by night what leaves in the morning. */
const OFFICE: TeamTexts = {
  "office.yaml": `
team: office
mailbox: { id: mbx-office, address: office@acme.multimail.dev }
oversight: monitored
assistants: [{ id: clerk, keys: ["KEY"] }]
recipients: { internal: [acme.example], external: deny }
hours: { days: mon-sun, from: "14:00", to: "18:00", timezone: UTC, outside: schedule }
`,
};
const CLERK = "office/clerk";

test("settleIntent() keeps what it found late from leaving again at once", async (t) => {
  const emails: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "an email": HELLO,
    "one with a key of the caller's": { ...HELLO, idempotency_key: "order-7" },
    "one to several": { ...HELLO, to: ["Jane@Acme.example", "a@acme.example"], bcc: ["b@acme.example"] },
    "one with a file": {
      ...HELLO,
      attachments: [{ name: "a.txt", content_type: "text/plain", content_base64: "SGk=" }],
    },
  };
  const teams = changed(
    "marketing.yaml",
    "external: deny }",
    "external: deny }\nattachments: { allow: [text/plain] }",
  );
  for (const [name, email] of Object.entries(emails)) {
    for (const [how, ms] of Object.entries({ "asking again": 22 * HOUR, listing: 25 * HOUR })) {
      await t.test(`${name}, by ${how}`, async (t) => {
        const { world, ask, askAndDie, advance, outbox } = await startWorld(t, teams);
        const intent = await askAndDie(WRITER, email, "after_send");
        advance(ms);
        assert.deepEqual(await settleIntent(intent, world), { settled: true });
        advance(9 * MINUTE);
        const again = await ask(WRITER, email);
        assert.ok(again.kind === "duplicate" && again.receipt === intent.record.receipt);
        assert.equal((await outbox()).length, 1);
        if ("idempotency_key" in email) return;
        advance(2 * MINUTE);
        assert.equal(statusOf(await ask(WRITER, email)), "queued");
      });
    }
  }
  await t.test("one that waits for the team's hours", async (t) => {
    const { world, ask, askAndDie, advance, outbox } = await startWorld(t, OFFICE);
    const intent = await askAndDie(CLERK, HELLO, "after_send");
    advance(11 * MINUTE);
    assert.deepEqual(await settleIntent(intent, world), { settled: true });
    advance(9 * MINUTE);
    const again = await ask(CLERK, HELLO);
    assert.ok(again.kind === "duplicate" && again.state.status === "scheduled");
    assert.deepEqual(await outbox(), []);
  });
  await t.test("a reply", async (t) => {
    const { world, control, ask, askAndDie, advance, outbox } = await startWorld(t, OFFICE);
    advance(3 * HOUR);
    const inbound = { mailbox_id: "mbx-office", from: "jane@acme.example", subject: "Hi", markdown: "Hi" };
    const { id } = (await control("POST", "/sandbox/inbound", inbound)) as { id: string };
    const reply = { message_id: id, body: "Hello Jane", cc: ["joe@acme.example"] };
    const intent = await askAndDie(CLERK, reply, "after_send");
    advance(11 * MINUTE);
    assert.deepEqual(await settleIntent(intent, world), { settled: true });
    advance(9 * MINUTE);
    const again = await ask(CLERK, reply);
    assert.ok(again.kind === "duplicate" && again.receipt === intent.record.receipt);
    assert.equal((await outbox()).length, 1);
  });
});

test("settleIntent() leaves a reply open while MultiMail does not show whom it reaches", async (t) => {
  const { world, control, askAndDie, advance, outbox } = await startWorld(t, OFFICE);
  advance(3 * HOUR);
  const inbound = { mailbox_id: "mbx-office", from: "jane@acme.example", subject: "Hi", markdown: "Hi" };
  const { id } = (await control("POST", "/sandbox/inbound", inbound)) as { id: string };
  const intent = await askAndDie(CLERK, { message_id: id, body: "Hello Jane" }, "after_intent");
  advance(5 * MINUTE);
  await control("POST", "/sandbox/faults", { fault: "error_500_before", match: { method: "GET", path: id } });
  const unshown = await settleIntent(intent, world);
  assert.ok(!unshown.settled);
  assert.match(unshown.why, /500/);
  assert.deepEqual(await settleIntent(intent, world), { settled: true });
  assert.equal((await outbox()).length, 1);
});

test("settleIntent() does not take one email for the outcome of two intents", async (t) => {
  const { world, askAndDie, advance, outcomes, outbox } = await startWorld(t, TEAMS);
  const sent = await askAndDie(WRITER, HELLO, "after_send");
  const alike = await askAndDie(WRITER, { ...HELLO, body: "Something else" }, "after_intent");
  advance(25 * HOUR);
  const results = await Promise.all([sent, alike].map((intent) => settleIntent(intent, world)));
  assert.equal(results.filter(({ settled }) => settled).length, 1);
  await Promise.all([sent, alike].map((intent) => settleIntent(intent, world)));
  const ends = await Promise.all([sent, alike].map(({ record }) => outcomes(record.receipt)));
  assert.deepEqual(ends.map(([outcome]) => outcome?.result).sort(), ["accepted", "refused"]);
  assert.equal((await outbox()).length, 1);
});

test("settleIntent() leaves open what no policy in force is about", async (t) => {
  const { world, setTeams, askAndDie, outcomes } = await startWorld(t, TEAMS);
  const intent = await askAndDie(WRITER, HELLO, "after_intent");
  setTeams(changed("marketing.yaml", "mbx-marketing", "mbx-other"));
  const gone = await settleIntent(intent, world);
  assert.ok(!gone.settled);
  assert.match(gone.why, /No policy in force/);
  assert.deepEqual(await outcomes(intent.record.receipt), []);
});

test("settleIntent() asks again for what somebody asked for who may still use the assistant, and for nobody else", async (t) => {
  const users = (allow: string) =>
    changed(
      "marketing.yaml",
      "{ id: writer,",
      `{ id: writer, users: { sign_in: required, allow: ["${allow}"] },`,
    );
  for (const [allow, sent] of [
    ["*@acme.example", 1],
    ["*@client.example", 0],
  ] as const) {
    await t.test(allow, async (t) => {
      const { world, askAndDie, outbox, outcomes, setTeams, advance } = await startWorld(
        t,
        users("*@acme.example"),
      );
      const parsed = parseAddress("ann@acme.example");
      assert.ok(parsed.ok);
      const person = {
        issuer: "https://login.acme.example",
        subject: "u1",
        address: parsed.address,
        claims: [],
      };
      const [key = ""] = world.policies().teams.get("marketing")?.assistants.get("writer")?.keys ?? [];
      const intent = await askAndDie(WRITER, HELLO, "after_intent", { person, key });
      setTeams(users(allow));
      advance(10 * MINUTE);
      assert.deepEqual(await settleIntent(intent, world), { settled: true });
      assert.equal((await outbox()).length, sent);
      const [outcome] = await outcomes(intent.record.receipt);
      assert.equal(outcome?.result, sent === 1 ? "accepted" : "refused");
    });
  }
});
