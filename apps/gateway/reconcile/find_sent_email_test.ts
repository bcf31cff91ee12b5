import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOfIntent, commitmentsOf } from "@countersign/lifecycle";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import type { StoredRecord } from "@countersign/trail";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import { findSentEmail, type SoughtEmail } from "./find_sent_email.ts";

const HELLO = { to: "jane@acme.example", subject: "Hello", body: "Hello Jane" };
const MAILBOX = "mbx-marketing";

async function sought({ world }: TestWorld, { record }: StoredRecord<"intent">): Promise<SoughtEmail> {
  const { data } = record;
  const action = actionOfIntent(data, await world.trail.unseal(commitmentsOf(data)));
  const policy = world.policies().teams.get(record.team ?? "");
  assert.ok(action !== undefined && policy !== undefined);
  return { policy, action, receipt: record.receipt ?? "", at: Date.parse(record.at) };
}

/** An open intent of which MultiMail knows nothing, and a way to have MultiMail send something else meanwhile. */
async function start(t: Parameters<typeof startWorld>[0]) {
  const stack = await startWorld(t, TEAMS);
  const intent = await stack.askAndDie("marketing/writer", HELLO, "after_intent");
  const send = async (changes: { to?: string; cc?: string[]; subject?: string } = {}) => {
    const { to = HELLO.to, subject = HELLO.subject, cc = [] } = changes;
    const key = { idempotencyKey: `${Math.random()}` };
    return stack.multimail.send(MAILBOX, { to: [to], cc, subject, markdown: key.idempotencyKey }, key);
  };
  const find = async () => (await findSentEmail(await sought(stack, intent), stack.world))?.id;
  return { ...stack, intent, send, find };
}

test("findSentEmail() finds an email by its To and subject, with other people on it too", async (t) => {
  const { send, find } = await start(t);
  assert.equal(await find(), undefined);
  const { id } = await send({ to: "jane@ACME.example", cc: ["joe@acme.example"] });
  assert.equal(await find(), id);
});

test("findSentEmail() passes over email that is not like it", async (t) => {
  const { send, find, control } = await start(t);
  await send({ subject: "Hello again" });
  await send({ to: "joe@acme.example", cc: [HELLO.to] });
  const inbound = {
    mailbox_id: MAILBOX,
    from: HELLO.to,
    to: [HELLO.to],
    subject: HELLO.subject,
    markdown: "Hi",
  };
  await control("POST", "/sandbox/inbound", inbound);
  assert.equal(await find(), undefined);
});

test("findSentEmail() passes over what was sent long before", async (t) => {
  const stack = await startWorld(t, TEAMS);
  await stack.ask("marketing/writer", { ...HELLO, body: "The first" });
  stack.advance(5 * 60_000);
  const intent = await stack.askAndDie("marketing/writer", HELLO, "after_intent");
  const { world } = stack;
  // What the trail says of the first does not matter here: it lies too far back.
  assert.equal(await findSentEmail(await sought(stack, intent), world), undefined);
});

test("findSentEmail() leaves other receipts their email, by the trail where no tag was written", async (t) => {
  const { send, find, ask, multimail } = await start(t);
  const outcome = await ask("marketing/writer", { ...HELLO, body: "Another" });
  assert.ok(outcome.kind === "taken" && outcome.emailId !== undefined);
  assert.deepEqual(await multimail.getTags(MAILBOX, outcome.emailId), {});
  assert.equal(await find(), undefined);
  const { id } = await send();
  await multimail.putTags(MAILBOX, id, { receipt: "rcp_of_another_installation" });
  assert.equal(await find(), undefined);
  const { id: own } = await send();
  assert.equal(await find(), own);
});

test("findSentEmail() looks at every page", async (t) => {
  const { send, find } = await start(t);
  const { id } = await send();
  for (let n = 0; n < 120; n++) await send({ to: `a${n}@acme.example` });
  assert.equal(await find(), id);
});

test("findSentEmail() finds a reply in the thread that it belongs to", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const receive = async (subject: string) => {
    const body = { mailbox_id: MAILBOX, from: "jane@acme.example", subject, markdown: "?" };
    return ((await stack.control("POST", "/sandbox/inbound", body)) as { id: string }).id;
  };
  const [first, second] = [await receive("Question"), await receive("Question")];
  const reply = (message_id: string) => ({ message_id, body: `Answer to ${message_id}` });
  const sent = await stack.askAndDie("marketing/writer", reply(first), "after_send");
  const unsent = await stack.askAndDie("marketing/writer", reply(second), "after_intent");
  assert.ok(await findSentEmail(await sought(stack, sent), stack.world));
  assert.equal(await findSentEmail(await sought(stack, unsent), stack.world), undefined);
});
