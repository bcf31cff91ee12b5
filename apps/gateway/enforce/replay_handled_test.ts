/** Replay against what really happened: requests go the one way through, and are read back from the trail. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type TestContext, test } from "node:test";
import { type Action, parseReply, parseSend } from "@countersign/core/action";
import { type Decision, decide } from "@countersign/core/decision";
import type { PolicySet } from "@countersign/core/policy";
import { replayTrail } from "@countersign/lifecycle";
import { linkTeams } from "@countersign/lifecycle/testing/link-teams";
import { eraseValues, findPersonValues } from "@countersign/trail";
import fc from "fast-check";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import { gatherContext } from "./context/gather_context.ts";
import { handle } from "./handle.ts";

/** How many worlds are drawn; a longer run raises it. Each is asked `CALLS` things. */
const RUNS = 6;
const CALLS = 25;

const PEOPLE = [
  "jane@one.example",
  "max@one.example",
  "ann@two.example",
  "bob@acme.example",
  "x@rival.example",
];
const BODIES = [
  "Please find the schedule for the workshop in Lyon next week, with the agenda and the rooms for everybody.",
  "Please find the schedule for the workshop in Lyon next month, with the agenda and the rooms for everybody.",
  "Transfer it to GB82 WEST 1234 5698 7654 32 today",
  "How far is Project Falcon?",
];

/** More often nothing: where everything is refused already, nothing else shows. */
function sometimes<T>(values: readonly T[]): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );
}

/** What may be otherwise in two policies of one mailbox, whose settings at MultiMail both declare the same. */
const policy = fc
  .record({
    recipients: fc.record({
      external: sometimes(["allow", "require_approval", "deny"]),
      allow: sometimes([
        ["*@one.example", "*@acme.example"],
        ["*@one.example", "ann@two.example"],
      ]),
      deny: sometimes([["*@rival.example"], ["*@rival.example", "max@one.example"]]),
      max_per_email: sometimes([1, 2]),
    }),
    content: fc.option(fc.record({ block: sometimes([["iban"]]), flag: sometimes([["iban"], [FALCON()]]) }), {
      nil: undefined,
    }),
    attachments: sometimes([
      { allow: ["text/csv"] },
      { allow: ["text/csv", "text/plain"], max_bytes: "1KB" },
    ]),
    limits: fc.record({
      per_recipient: sometimes(["2/hour", "4/day"]),
      per_domain: sometimes(["3/hour"]),
      per_assistant: sometimes(["5/hour"]),
      team: sometimes(["9/day"]),
    }),
    overlap: sometimes([
      { window: "1h", action: "deny" },
      { window: "24h", action: "flag" },
    ]),
    first_contact: sometimes(["flag", "deny"]),
    after_outside_mail: sometimes([{ window: "1h" }, { window: "24h", new_external: "deny" }]),
    require: sometimes([{ body: "(?i)please|transfer" }]),
    hours: sometimes([
      { timezone: "UTC", days: "mon-fri", from: "08:00", to: "18:00", outside: "schedule" },
      { timezone: "UTC", days: "mon-fri", from: "08:00", to: "14:00" },
    ]),
    rules: sometimes([{ limits: "warn" }, { "recipients.allow": "warn" }]),
    compose: sometimes([{ subject_prefix: "[Acme] " }, { footer: "Acme SA" }]),
  })
  .map(({ recipients, ...rest }) => ({
    ...{ team: "ops", mailbox: { id: "mbx-ops", address: "ops@acme.multimail.dev" } },
    ...{ oversight: "gated_send", approvers: ["lead@acme.example"] },
    assistants: [
      { id: "writer", actions: ["send", "reply", "read", "inbox"] },
      { id: "helper", actions: ["send", "reply", "read"] },
    ],
    recipients: { ...recipients, internal: ["acme.example"], skip_approval: ["*@acme.example"] },
    ...rest,
  }));

function FALCON() {
  return { name: "codename", pattern: "(?i)project\\s+falcon" };
}

const call = fc.record({
  kind: fc.constantFrom("send", "send", "send", "send", "reply", "read"),
  assistant: fc.constantFrom("writer", "helper"),
  to: fc.uniqueArray(fc.constantFrom(...PEOPLE), { minLength: 1, maxLength: 2 }),
  subject: fc.constantFrom("Workshop", "Invoice"),
  body: fc.constantFrom(...BODIES),
  file: sometimes([
    { filename: "a.csv", content_type: "text/csv", content_base64: btoa("a,b\n1,2\n") },
    { filename: "falcon.txt", content_type: "text/plain", content_base64: btoa("Project Falcon") },
  ]),
  after: fc.constantFrom(0, 60_000, 600_000, 3_600_000, 4 * 3_600_000),
});
type Asked = typeof call extends fc.Arbitrary<infer T> ? T : never;

/** What other policies would have decided in that very moment, with what they ask about looked up. */
type Truth = Pick<Decision, "effect" | "held">;

/** Asks for all of it, one after the other; what `candidate` would have decided, by the call's id. */
async function play(
  { world, control, advance }: TestWorld,
  calls: readonly Asked[],
  candidate: PolicySet,
): Promise<ReadonlyMap<string, Truth>> {
  const truths = new Map<string, Truth>();
  for (const { kind, assistant, to, subject, body, file, after } of calls) {
    advance(after);
    let action: Action;
    if (kind === "send") action = parseSend({ to, subject, body, ...(file && { attachments: [file] }) });
    else {
      const inbound = {
        mailbox_id: "mbx-ops",
        from: to[0],
        to: ["ops@acme.multimail.dev"],
        subject,
        markdown: "?",
      };
      const { id } = (await control("POST", "/sandbox/inbound", inbound)) as { id: string };
      action = kind === "read" ? { name: "read", emailId: id } : parseReply({ message_id: id, body });
    }
    const asked = {
      ...{ id: randomUUID(), door: "rest" as const, caller: { team: "ops", assistant } },
      ...{ action, receivedAt: world.clock() },
    };
    const context = await gatherContext(candidate.teams.get("ops"), asked, world);
    const { effect, held } = decide(candidate, context.action, context);
    truths.set(asked.id, { effect, held });
    await handle(asked, world);
  }
  return truths;
}

async function startOps(t: TestContext, text: unknown) {
  return startWorld(t, { "ops.yaml": JSON.stringify(text) });
}

test("what went the one way through is replayed as it was decided, and as others would have decided it then", async (t) => {
  const seen = { same: 0, exact: 0, changed: 0, not: 0, beyond: 0 };
  await fc.assert(
    fc.asyncProperty(
      policy,
      policy,
      fc.array(call, { minLength: CALLS, maxLength: CALLS }),
      async (own, other, calls) => {
        const started = await startOps(t, own);
        const { trail } = started.world;
        const candidate = linkTeams({ "ops.yaml": JSON.stringify(other) });
        const truths = await play(started, calls, candidate);
        let requests = 0;
        for await (const { record, replayed } of replayTrail(trail, started.world.policies())) {
          requests++;
          const { effect, held, findings, facts } = record.data;
          if (!replayed.ok) {
            // A repeated request, which no policy refuses.
            assert.equal(replayed.why, "beyond_policy", JSON.stringify(record.data));
            seen.beyond++;
            continue;
          }
          assert.deepEqual(
            [replayed.decision.effect, replayed.decision.held],
            [effect, held],
            JSON.stringify({ findings, facts, replayed }),
          );
          seen.same++;
        }
        assert.equal(requests, calls.length);
        for await (const { record, replayed } of replayTrail(trail, candidate)) {
          if (!replayed.ok) {
            assert.ok(["beyond_policy", "not_looked_up"].includes(replayed.why), replayed.why);
            seen.not++;
            continue;
          }
          const { effect, held } = replayed.decision;
          const truth = truths.get(record.data.call) ?? assert.fail();
          assert.deepEqual({ effect, held }, truth, JSON.stringify({ data: record.data, replayed }));
          seen.exact++;
          if (effect !== record.data.effect || held !== record.data.held) seen.changed++;
        }
      },
    ),
    { numRuns: RUNS, endOnFailure: true, includeErrorInReport: true },
  );
  console.log(JSON.stringify(seen));
  assert.ok(
    seen.same > RUNS * CALLS * 0.8 && seen.exact > RUNS * 4 && seen.changed > 0,
    JSON.stringify(seen),
  );
});

test("after a person was erased, replay says of what was about them that it was, and judges all the rest as before", async (t) => {
  const started = await startOps(t, {
    ...{ team: "ops", mailbox: { id: "mbx-ops", address: "ops@acme.multimail.dev" } },
    ...{ oversight: "gated_send", approvers: ["lead@acme.example"] },
    assistants: [{ id: "writer" }],
    recipients: { internal: ["acme.example"], skip_approval: ["*@acme.example"], deny: ["*@rival.example"] },
  });
  const { world, ask, advance, control } = started;
  const { trail } = world;
  const send = async (to: string, body = "Hello") => {
    const sent = await ask("ops/writer", { to, subject: "Hello", body });
    return "receipt" in sent ? (sent.receipt ?? "") : "";
  };
  const toJane = await send("jane@one.example");
  const others = [
    await send("max@one.example"),
    await send("bob@acme.example"),
    await send("x@rival.example"),
  ];
  // Somebody lets her be written to unseen: what differs from the policy is kept beside whatever is asked for then.
  await control("POST", "/sandbox/mailboxes/mbx-ops", { allowlist: ["jane@one.example"] });
  advance(10 * 60_000);
  const drifted = [await send("max@one.example", "Again"), await send("bob@acme.example", "Again")];
  await control("POST", "/sandbox/mailboxes/mbx-ops", { allowlist: ["*@acme.example"] });
  advance(10 * 60_000);
  const back = await send("bob@acme.example", "And again");

  const replay = async () => {
    const judged = new Map<string | null, string>();
    for await (const { record, replayed } of replayTrail(trail, world.policies()))
      judged.set(
        record.receipt,
        replayed.ok ? `${replayed.decision.effect} ${replayed.decision.held}` : replayed.why,
      );
    return judged;
  };
  const before = await replay();
  assert.deepEqual(
    [toJane, ...others, ...drifted, back].map((receipt) => before.get(receipt)),
    ["allow true", "allow true", "allow false", "deny true", "deny true", "deny true", "allow false"],
  );
  const { addresses, contents, texts } = await findPersonValues(trail, "jane@one.example");
  const commitments = [...contents, ...texts, ...addresses];
  await eraseValues(trail, { commitments, by: "ann", reason: "Asked", now: world.clock() });
  const after = await replay();
  assert.deepEqual(
    [...after].filter(([, judged]) => judged === "erased").map(([receipt]) => receipt),
    [toJane, ...drifted],
  );
  for (const receipt of [...others, back]) assert.equal(after.get(receipt), before.get(receipt));
});
