import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { type Action, invalid, parseReply, parseSend } from "@countersign/core/action";
import { parseAddress } from "@countersign/core/address";
import type { Person } from "@countersign/core/decision";
import { receiptState, shownCommitments } from "@countersign/lifecycle";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { askerCommitments, findRecords, openAsker, type StoredRecord, verifyTrail } from "@countersign/trail";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import { handle } from "./handle.ts";
import type { Outcome } from "./outcome.ts";

const WITH_USERS = {
  ...TEAMS,
  "finance.yaml": `${TEAMS["finance.yaml"]}`.replace(
    'keys: ["KEY"] }',
    'keys: ["KEY"], users: { sign_in: required, allow: ["*@acme.example"], claims: [sales] } }',
  ),
};

const HELLO = { to: "jane@client.example", subject: "Hello", body: "Hello" };

function person(address: string | undefined, more: Partial<Person> = {}): Person {
  const parsed = address === undefined ? undefined : parseAddress(address);
  const known = parsed?.ok ? { address: parsed.address } : {};
  return {
    issuer: "https://login.acme.example",
    subject: `sub of ${address}`,
    claims: [],
    ...known,
    ...more,
  };
}

/** Somebody asks finance's chaser, whose own key comes besides, or does not. */
async function ask(
  { world }: TestWorld,
  action: Action,
  by: { readonly person?: Person; readonly key?: boolean } = {},
): Promise<Outcome> {
  const chaser = world.policies().teams.get("finance")?.assistants.get("chaser");
  const key = by.key === false ? {} : { key: chaser?.keys[0] ?? "" };
  const caller = { team: "finance", assistant: "chaser", ...key };
  const asker = { caller, ...(by.person !== undefined && { person: by.person }) };
  const call = { id: randomUUID(), door: "mcp", action, receivedAt: world.clock(), ...asker } as const;
  return handle(call, world);
}

async function listOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function intents({ world }: TestWorld): Promise<readonly StoredRecord<"intent">[]> {
  return listOf(world.trail.records({ kind: "intent" }));
}

async function askers(stack: TestWorld) {
  const { trail } = stack.world;
  return Promise.all(
    (await intents(stack)).map(async ({ record: { data } }) =>
      openAsker(data.person, await trail.unseal(askerCommitments(data.person))),
    ),
  );
}

test("handle() lets whoever may use the assistant write, and puts on record who asked", async (t) => {
  const stack = await startWorld(t, WITH_USERS);
  const ann = person("Ann@acme.example", { claims: ["staff", "sales"] });
  const taken = await ask(stack, parseSend(HELLO), { person: ann });
  assert.equal(taken.kind, "taken", JSON.stringify(taken));
  const read = await ask(stack, { name: "inbox", limit: 5 }, { person: ann });
  assert.equal(read.kind, "answered");
  const wanted = {
    issuer: "https://login.acme.example",
    subject: "sub of Ann@acme.example",
    address: "Ann@acme.example",
    claims: ["sales"],
  };
  assert.deepEqual(await askers(stack), [wanted, wanted]);
  for (const { json, record } of await intents(stack)) {
    assert.doesNotMatch(json, /ann@|Ann@|sub of|login\.acme|sales/);
    assert.equal(record.data.unproven, undefined);
  }
  const { trail } = stack.world;
  const records = await trail.recordsOf(taken.receipt ?? "");
  const state = receiptState(records, await trail.unseal(shownCommitments(records)));
  assert.equal(state?.user, "Ann@acme.example");
  const found = await listOf(findRecords(trail, { user: "ann+x@ACME.example" }));
  assert.deepEqual(
    found.map(({ record }) => record.receipt),
    [taken.receipt, read.receipt],
  );
  assert.deepEqual(await listOf(trail.records({ recipient: "ann@acme.example" })), []);
  assert.ok((await verifyTrail(trail)).ok);
});

test("handle() denies whoever may not use the assistant, whatever is asked for, and asks MultiMail nothing", async (t) => {
  const stack = await startWorld(t, WITH_USERS);
  const { world } = stack;
  const failing = () => assert.fail("MultiMail was asked");
  const silent = { ...world, clientFor: failing, live: { get: failing, peek: () => undefined } };
  const deaf = { ...stack, world: silent as unknown as TestWorld["world"] };
  const actions: readonly Action[] = [
    parseSend(HELLO),
    parseSend({ to: 7 }),
    parseReply({ message_id: "m1", body: "Hello" }),
    { name: "read", emailId: "m1" },
    { name: "inbox", limit: 5 },
    { name: "status" },
    invalid("route_not_governed", "GET /v1/x", "No"),
  ];
  const people = [
    {},
    { person: person("eve@rival.example") },
    { person: person("ann@acme.example"), key: false },
  ];
  for (const by of people)
    for (const action of actions) {
      const outcome = await ask(deaf, action, by);
      assert.equal(outcome.kind, "denied", JSON.stringify(outcome));
      assert.equal(outcome.code, "policy_denied");
      assert.deepEqual(
        outcome.decision.findings.map(({ rule, where }) => [rule, where?.line]),
        [["users", 7]],
      );
    }
  const unproven = (await intents(stack)).map(({ record }) => record.data.unproven);
  assert.deepEqual(unproven, [...Array(14).fill(undefined), ...Array(7).fill(true)]);
  assert.deepEqual(await stack.outbox(), []);
});

test("handle() takes nothing that a model or a platform writes for who asks", async (t) => {
  const stack = await startWorld(t, WITH_USERS);
  for (const claim of [
    { person: { issuer: "i", subject: "s", address: "ann@acme.example", claims: ["sales"] } },
    { user: "ann@acme.example" },
    { _meta: { user: "ann@acme.example", "dust/user": { email: "ann@acme.example" } } },
    { from: "ann@acme.example" },
  ]) {
    const outcome = await ask(stack, parseSend({ ...HELLO, ...claim }));
    assert.equal(outcome.kind, "denied");
    assert.deepEqual(
      outcome.decision.findings.map(({ rule }) => rule),
      ["users"],
    );
  }
  assert.deepEqual(await askers(stack), Array(4).fill(undefined));
});

test("handle() takes the same email for another person as asked for already, and records both people", async (t) => {
  const stack = await startWorld(t, WITH_USERS);
  const first = await ask(stack, parseSend(HELLO), { person: person("ann@acme.example") });
  const again = await ask(stack, parseSend(HELLO), { person: person("bob@acme.example") });
  assert.equal(again.kind, "duplicate");
  assert.equal(again.receipt, first.receipt);
  assert.deepEqual(
    (await askers(stack)).map((asker) => asker?.address),
    ["ann@acme.example", "bob@acme.example"],
  );
});

test("handle() counts by issuer and subject, whatever somebody's address is", async (t) => {
  const team = `${WITH_USERS["finance.yaml"]}limits: { per_user: 2/day }\n`;
  const stack = await startWorld(t, { ...WITH_USERS, "finance.yaml": team });
  let count = 0;
  const send = async (by: Person) => {
    const outcome = await ask(stack, parseSend({ ...HELLO, subject: `Hello ${count++}` }), { person: by });
    return outcome.kind === "denied" ? outcome.code : outcome.kind;
  };
  assert.equal(await send(person("ann@acme.example", { subject: "1" })), "taken");
  assert.equal(await send(person("ann.lee@acme.example", { subject: "1" })), "taken");
  assert.equal(await send(person("ann@acme.example", { subject: "1" })), "limit_reached");
  assert.equal(await send(person("ann@acme.example", { subject: "2" })), "taken");
  assert.equal(
    await send(person("ann@acme.example", { subject: "1", issuer: "https://other.example" })),
    "taken",
  );
  stack.advance(86_400_000);
  assert.equal(await send(person("ann@acme.example", { subject: "1" })), "taken");
});

test("handle() lets nothing leave that is to be counted by person when nobody signed in, and says that waiting is no help", async (t) => {
  const stack = await startWorld(t, {
    ...TEAMS,
    "finance.yaml": `${TEAMS["finance.yaml"]}limits: { per_user: 2/day }\n`,
  });
  const outcome = await ask(stack, parseSend(HELLO));
  assert.equal(outcome.kind, "denied");
  assert.equal(outcome.code, "policy_denied");
  assert.deepEqual(
    outcome.decision.findings.filter(({ effect }) => effect === "deny").map(({ rule }) => rule),
    ["limits"],
  );
  assert.equal((await ask(stack, { name: "inbox", limit: 5 })).kind, "answered");
});

test("handle() records that an assistant is not proven where the policy waives its key", async (t) => {
  const team = WITH_USERS["finance.yaml"].replace("claims: [sales]", "with_key: false");
  const stack = await startWorld(t, { ...WITH_USERS, "finance.yaml": team });
  const taken = await ask(stack, parseSend(HELLO), { person: person("ann@acme.example"), key: false });
  assert.equal(taken.kind, "taken", JSON.stringify(taken));
  const proven = await ask(stack, { name: "inbox", limit: 5 }, { person: person("ann@acme.example") });
  assert.equal(proven.kind, "answered");
  assert.deepEqual(
    (await intents(stack)).map(({ record }) => record.data.unproven),
    [true, undefined],
  );
});
