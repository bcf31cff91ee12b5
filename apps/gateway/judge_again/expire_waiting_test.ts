import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { type TestContext, test } from "node:test";
import { receiptState } from "@countersign/lifecycle";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { until } from "@countersign/lifecycle/testing/until";
import { MultiMailClient, MultiMailError } from "@countersign/multimail";
import { approvalEntry, type Claim, isOf, lifecycleEntry } from "@countersign/trail";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import type { JudgeAgainWorld } from "./judge_again_world.ts";
import { judgeWaiting } from "./judge_waiting.ts";
import { WaitingWatch } from "./waiting_watch.ts";

const HOUR_MS = 3_600_000;
const EXPIRING = {
  ...TEAMS,
  "finance.yaml": `${TEAMS["finance.yaml"]}approval: { expires: 48h }\n`,
};

interface Held extends TestWorld {
  readonly receipt: string;
  readonly emailId: string;
}

/** A held email of a team whose email expires after 48 hours, on a trail of its own. */
async function startHeld(t: TestContext, more: object = {}): Promise<Held> {
  const stack = await startWorld(t, EXPIRING);
  const outcome = await stack.ask("finance/chaser", {
    ...{ to: "jane@client.example", subject: "Invoice", body: "Please pay" },
    ...more,
  });
  assert.equal(outcome.kind, "taken", JSON.stringify(outcome));
  assert.ok(outcome.kind === "taken" && outcome.emailId !== undefined);
  return { ...stack, receipt: outcome.receipt, emailId: outcome.emailId };
}

function judging({ world, multimail }: TestWorld, client: MultiMailClient = multimail): JudgeAgainWorld {
  return { ...world, clientsOf: () => [client] };
}

async function eventsOf({ world, receipt }: Held): Promise<readonly string[]> {
  return (await world.trail.recordsOf(receipt)).flatMap(({ record }) =>
    record.kind === "lifecycle" ? [record.data.event] : [],
  );
}

async function statusOf({ multimail, emailId }: Held): Promise<string> {
  return (await multimail.getEmail("mbx-finance", emailId)).status;
}

/** Puts a decision of a person on record, as the console does. */
async function decide(
  { world, receipt, emailId }: Held,
  {
    completes,
    due = null,
    claims = [],
  }: { completes: boolean; due?: string | null; claims?: readonly Claim[] },
) {
  const [intent] = (await world.trail.recordsOf(receipt)).filter(isOf("intent"));
  assert.ok(intent !== undefined);
  const { privateKey } = generateKeyPairSync("ed25519");
  const entry = approvalEntry(
    {
      ...{ decision: "approve", email: emailId, mailbox: "mbx-finance", by: "lead@acme.example" },
      ...{ identity: { issuer: "https://login.acme.example", subject: "u1" }, auth: "oidc" },
      ...{ content: "c", judgement: "j", required: [], findings: [], counts: [], completes, due },
    },
    { ...intent.record, at: world.clock() },
    { key: "countersign/console+00000000", sign: (text) => sign(null, Buffer.from(text), privateKey) },
  );
  assert.ok((await world.trail.tryAppend({ ...entry, claims })).ok);
}

test("judgeWaiting() takes back what nobody decided on in time, and the assistant is told EXPIRED", async (t) => {
  const held = await startHeld(t);
  const expiresAt = held.world.clock() + 48 * HOUR_MS;
  held.advance(48 * HOUR_MS - 1);
  const before = await judgeWaiting(held.receipt, judging(held));
  assert.deepEqual([before.result, before.expiresAt], ["stands", expiresAt]);
  held.advance(1);
  assert.equal((await judgeWaiting(held.receipt, judging(held))).result, "expired");
  assert.deepEqual(await eventsOf(held), ["expired", "cancelled"]);
  assert.equal(await statusOf(held), "cancelled");
  const state = receiptState(await held.world.trail.recordsOf(held.receipt));
  assert.deepEqual([state?.status, state?.message], ["expired", "Nobody decided on it in time"]);
  assert.deepEqual(await held.world.trail.watchedEmails(), []);
  assert.equal((await judgeWaiting(held.receipt, judging(held))).result, "gone");
});

test("judgeWaiting() lets nothing expire that somebody decided on, or that waits for nobody", async (t) => {
  const cases: Readonly<Record<string, (held: Held) => Promise<unknown>>> = {
    "approved, kept for the hours": (held) =>
      decide(held, { completes: true, due: "2026-03-09T08:00:00.000Z" }),
    "approved, not yet carried out": (held) => decide(held, { completes: true }),
    "no expiry any more": async (held) => held.setTeams(TEAMS),
    "approved at MultiMail, to leave later": async ({ sandbox, emailId }) => {
      const lead = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.oversightKey });
      await lead.decide(emailId, "approve");
      await lead.close();
    },
  };
  for (const [name, prepare] of Object.entries(cases))
    await t.test(name, async (t) => {
      const held = await startHeld(t, { send_at: "2026-03-20T12:00:00Z" });
      await prepare(held);
      held.advance(49 * HOUR_MS);
      assert.notEqual((await judgeWaiting(held.receipt, judging(held))).result, "expired");
      assert.deepEqual(await eventsOf(held), []);
      assert.notEqual(await statusOf(held), "cancelled");
    });
  await t.test("one of two approvals is no decision", async (t) => {
    const held = await startHeld(t);
    await decide(held, { completes: false });
    held.advance(48 * HOUR_MS);
    assert.equal((await judgeWaiting(held.receipt, judging(held))).result, "expired");
  });
  await t.test("scheduled email", async (t) => {
    const stack = await startWorld(t, {
      ...TEAMS,
      "marketing.yaml": `${TEAMS["marketing.yaml"]}approval: { expires: 48h }\n`,
    });
    const later = { to: "bob@acme.example", subject: "News", body: "Soon", send_at: "2026-03-20T12:00:00Z" };
    const outcome = await stack.ask("marketing/writer", later);
    stack.advance(49 * HOUR_MS);
    assert.ok(outcome.kind === "taken");
    const judged = await judgeWaiting(outcome.receipt, judging(stack));
    assert.deepEqual([judged.result, judged.expiresAt], ["stands", undefined]);
  });
});

test("WaitingWatch lets an email expire whose approval lapsed before it was carried out", async (t) => {
  const held = await startHeld(t);
  const { world, receipt, emailId } = held;
  await decide(held, { completes: true });
  held.advance(49 * HOUR_MS);
  const watch = new WaitingWatch(judging(held));
  t.after(() => watch.stop());
  await watch.policiesChanged();
  assert.deepEqual(await eventsOf(held), []);
  const [intent] = (await world.trail.recordsOf(receipt)).filter(isOf("intent"));
  assert.ok(intent !== undefined);
  const lapsed = { event: "lapsed", email: emailId, learnt_by: "console" } as const;
  await world.trail.append(lifecycleEntry(intent.record, world.clock(), lapsed));
  held.advance(10 * 60_000);
  watch.start();
  await until(async () => (await statusOf(held)) === "cancelled");
  await until(async () => (await eventsOf(held)).at(-1) === "cancelled");
  assert.deepEqual(await eventsOf(held), ["lapsed", "expired", "cancelled"]);
});

test("judgeWaiting() lets nothing expire while somebody decides on it", async (t) => {
  const held = await startHeld(t);
  held.advance(48 * HOUR_MS);
  const now = held.world.clock();
  const about = { team: null, assistant: null, receipt: "rcp_other", policy: null };
  const claim = { key: `decide:${held.receipt}`, fingerprint: "approve 1", expiresAt: now + 600_000 };
  const entry = lifecycleEntry(about, now, { event: "held", email: "em-other", learnt_by: "console" });
  assert.ok((await held.world.trail.tryAppend({ ...entry, claims: [claim] })).ok);
  assert.equal((await judgeWaiting(held.receipt, judging(held))).result, "later");
  assert.deepEqual(await eventsOf(held), []);
  held.advance(600_001);
  assert.equal((await judgeWaiting(held.receipt, judging(held))).result, "expired");
});

test("judgeWaiting() lets nothing expire that is approved for later in the very moment", async (t) => {
  const held = await startHeld(t);
  held.advance(48 * HOUR_MS);
  const racing: Partial<MultiMailClient> = {
    getEmail: async (mailbox, id) => {
      const claim = {
        key: `approval:${held.receipt}:0`,
        fingerprint: "approve 1",
        expiresAt: held.world.clock() + 600_000,
      };
      await decide(held, { completes: true, due: "2026-03-09T08:00:00.000Z", claims: [claim] });
      return held.multimail.getEmail(mailbox, id);
    },
  };
  const { result } = await judgeWaiting(held.receipt, judging(held, racing as MultiMailClient));
  assert.equal(result, "later");
  assert.equal((await judgeWaiting(held.receipt, judging(held))).result, "stands");
  assert.deepEqual(await eventsOf(held), []);
});

test("judgeWaiting() lets an email expire once, however many gateways see to it, and after a crash in between", async (t) => {
  const held = await startHeld(t);
  held.advance(48 * HOUR_MS);
  let answers = 0;
  const dying: Partial<MultiMailClient> = {
    getEmail: (mailbox, id) => held.multimail.getEmail(mailbox, id),
    cancel: async (mailbox, id) => {
      if (answers++ === 1) await held.multimail.cancel(mailbox, id);
      throw new MultiMailError("MultiMail does not answer", { code: "unavailable", outcome: "unknown" });
    },
  };
  const deaf = judging(held, dying as MultiMailClient);
  assert.equal((await judgeWaiting(held.receipt, deaf)).result, "later");
  // Whoever began may still be at it.
  assert.equal((await judgeWaiting(held.receipt, judging(held))).result, "later");
  assert.deepEqual([await eventsOf(held), await statusOf(held)], [["expired"], "pending_send_approval"]);
  held.advance(31_000);
  const gateways = [judging(held), { ...held.another(), clientsOf: () => [held.multimail] }];
  const results = await Promise.all(gateways.map((world) => judgeWaiting(held.receipt, world)));
  assert.ok(results.some(({ result }) => result === "expired"));
  assert.deepEqual([await eventsOf(held), await statusOf(held)], [["expired", "cancelled"], "cancelled"]);
});

test("WaitingWatch lets email expire after a restart too, and reads nothing of what is not due", async (t) => {
  const held = await startHeld(t);
  const { trail } = held.world;
  let reads = 0;
  const counted = new Proxy(trail, {
    get: (target, name) => {
      if (name === "recordsOf") reads++;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const first = new WaitingWatch(judging(held));
  for (const email of held.accepted) first.add(email);
  await first.policiesChanged();
  await first.stop();
  const watch = new WaitingWatch({ ...judging(held), trail: counted });
  t.after(() => watch.stop());
  await watch.policiesChanged();
  const once = reads;
  held.advance(47 * HOUR_MS);
  await watch.policiesChanged();
  assert.equal(reads, once);
  assert.deepEqual(await eventsOf(held), []);
  held.advance(HOUR_MS);
  await watch.policiesChanged();
  assert.deepEqual(await eventsOf(held), ["expired", "cancelled"]);
});
