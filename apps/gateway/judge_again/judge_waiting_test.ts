import assert from "node:assert/strict";
import { test } from "node:test";
import { receiptState } from "@countersign/lifecycle";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import type { MultiMailClient } from "@countersign/multimail";
import { MultiMailError } from "@countersign/multimail";
import { lifecycleEntry } from "@countersign/trail";
import type { Outcome } from "../enforce/outcome.ts";
import { startWorld, type TestWorld } from "../testing/start_world.ts";
import { judgeWaiting } from "./judge_waiting.ts";

const HELD = { to: "jane@client.example", subject: "Invoice", body: "Please pay" };

const LATER = { to: "bob@acme.example", subject: "News", body: "Soon", send_at: "2026-03-10T12:00:00Z" };

function receiptOf(outcome: Outcome): string {
  assert.equal(outcome.kind, "taken", JSON.stringify(outcome));
  return outcome.receipt ?? "";
}

function judging({ world, multimail }: TestWorld, client: MultiMailClient = multimail) {
  return { ...world, clientsOf: () => [client] };
}

async function events({ world }: TestWorld, receipt: string) {
  return (await world.trail.recordsOf(receipt)).flatMap(({ record }) =>
    record.kind === "lifecycle" && record.data.event !== "unknown" ? [record.data] : [],
  );
}

/** What the team's file says in another place than before, and whether what waits may still leave. */
const CHANGES: readonly {
  readonly name: string;
  readonly stands: boolean;
  readonly edit: (text: string) => string;
}[] = [
  { name: "nothing", stands: true, edit: (text) => text },
  {
    name: "a limit that is used up",
    stands: true,
    edit: (text) => `${text}limits: { team: 1/day, per_recipient: 1/day }\n`,
  },
  {
    name: "hours that are over",
    stands: true,
    edit: (text) => `${text}hours: { days: sun, from: "01:00", to: "02:00", timezone: UTC }\n`,
  },
  { name: "first_contact", stands: true, edit: (text) => `${text}first_contact: deny\n` },
  { name: "overlap", stands: true, edit: (text) => `${text}overlap: { action: deny, similarity: 0 }\n` },
  { name: "another key", stands: true, edit: (text) => text.replace(/keys: \["[^"]*"/g, 'keys: ["KEY"') },
  {
    name: "a deny list",
    stands: false,
    edit: (text) => text.replace('["*@rival.example"]', '["*@client.example"]'),
  },
  {
    name: "an allow list",
    stands: false,
    edit: (text) => text.replace("external: require_approval", "allow: []"),
  },
  {
    name: "outside closed",
    stands: false,
    edit: (text) => text.replace("external: require_approval", "external: deny"),
  },
  {
    name: "content",
    stands: false,
    edit: (text) => `${text}content: { block: [{ name: pay, pattern: "(?i)please pay" }] }\n`,
  },
  {
    name: "read_only",
    stands: false,
    edit: (text) => text.replace("oversight: gated_all", "oversight: read_only"),
  },
  { name: "no action", stands: false, edit: (text) => text.replace("actions: [send, reply,", "actions: [") },
  { name: "no assistant", stands: false, edit: (text) => text.replace(/ {2}- \{ id: chaser.*\n/, "") },
  { name: "another mailbox", stands: false, edit: (text) => text.replace("mbx-finance", "mbx-marketing2") },
];

test("judgeWaiting() takes back what may not leave any more, and leaves alone what only would not be asked for now", async (t) => {
  for (const { name, stands, edit } of CHANGES) {
    await t.test(name, async (t) => {
      const stack = await startWorld(t, TEAMS);
      const receipt = receiptOf(await stack.ask("finance/chaser", HELD));
      const finance = edit(`${TEAMS["finance.yaml"]}`);
      stack.setTeams({ ...TEAMS, "finance.yaml": finance });
      if (name === "another mailbox") {
        const seen = stack.world.live.get.bind(stack.world.live);
        stack.world.live.get = (policy) =>
          seen({ ...policy, mailbox: { ...policy.mailbox, id: "mbx-finance" } });
      }
      const { result } = await judgeWaiting(receipt, judging(stack));
      assert.equal(result, stands ? "stands" : "cancelled");
      const [denied, cancelled] = await events(stack, receipt);
      assert.equal(denied?.event, stands ? undefined : "denied");
      assert.deepEqual(
        [cancelled?.event, cancelled?.final],
        stands ? [undefined, undefined] : ["cancelled", true],
      );
      const state = receiptState(await stack.world.trail.recordsOf(receipt));
      assert.equal(state?.status, stands ? "pending" : "cancelled");
      if (!stands) assert.match(state?.message ?? "", /^Your team's policy does not allow it any more: \w/);
      const email = await stack.multimail.getEmail("mbx-finance", state?.emailId ?? "");
      assert.equal(email.status, stands ? "pending_send_approval" : "cancelled");
    });
  }
});

test("judgeWaiting() takes back scheduled email, also of a team that is gone", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const [one, two] = [
    receiptOf(await stack.ask("marketing/writer", LATER)),
    receiptOf(await stack.ask("finance/chaser", { ...HELD, send_at: LATER.send_at })),
  ];
  assert.equal((await judgeWaiting(one, judging(stack))).result, "stands");
  stack.setTeams({ "finance.yaml": `${TEAMS["finance.yaml"]}` });
  assert.equal((await judgeWaiting(one, judging(stack))).result, "cancelled");
  assert.equal((await judgeWaiting(one, judging(stack))).result, "gone");
  assert.equal((await judgeWaiting(two, judging(stack))).result, "stands");
  stack.advance(9 * 86_400_000);
  assert.deepEqual(await stack.outbox(), []);
});

test("judgeWaiting() lets an exception end before the email is due", async (t) => {
  const exception = `exceptions:
  - rule: recipients.external
    reason: Onboarding
    owner: lead@acme.example
    expires: 2026-03-08
`;
  const stack = await startWorld(t, { ...TEAMS, "marketing.yaml": `${TEAMS["marketing.yaml"]}${exception}` });
  const receipt = receiptOf(await stack.ask("marketing/writer", { ...LATER, to: "jane@client.example" }));
  assert.equal((await judgeWaiting(receipt, judging(stack))).result, "stands");
  stack.advance(8 * 86_400_000 - 60_000);
  assert.equal((await judgeWaiting(receipt, judging(stack))).result, "cancelled");
});

test("judgeWaiting() cancels once, however many gateways judge, and after a crash in between", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const receipt = receiptOf(await stack.ask("finance/chaser", HELD));
  const denying = `${TEAMS["finance.yaml"]}`.replace("rival.example", "client.example");
  stack.setTeams({ ...TEAMS, "finance.yaml": denying });
  const deaf = {
    getEmail: (mailbox: string, id: string) => stack.multimail.getEmail(mailbox, id),
    cancel: async () => {
      throw new MultiMailError("MultiMail does not answer", { code: "unavailable", outcome: "unknown" });
    },
  } as Partial<MultiMailClient> as MultiMailClient;
  assert.equal((await judgeWaiting(receipt, judging(stack, deaf))).result, "later");
  assert.deepEqual(
    (await events(stack, receipt)).map(({ event }) => event),
    ["denied"],
  );
  // Whoever has decided may still be at it.
  assert.equal((await judgeWaiting(receipt, judging(stack))).result, "later");
  stack.advance(31_000);
  const results = await Promise.all([1, 2, 3].map(() => judgeWaiting(receipt, judging(stack))));
  assert.ok(results.some(({ result }) => result === "cancelled"));
  assert.deepEqual(
    (await events(stack, receipt)).map(({ event }) => event),
    ["denied", "cancelled"],
  );
});

test("judgeWaiting() leaves alone what somebody else decides on, and what it cannot judge now", async (t) => {
  const stack = await startWorld(t, TEAMS);
  const receipt = receiptOf(await stack.ask("finance/chaser", HELD));
  const unseen = { ...judging(stack), live: { get: async () => undefined } };
  assert.equal((await judgeWaiting(receipt, unseen)).result, "later");
  const denying = `${TEAMS["finance.yaml"]}`.replace("rival.example", "client.example");
  stack.setTeams({ ...TEAMS, "finance.yaml": denying });
  const at = stack.world.clock();
  const approved = { event: "approved", email: "em-other", learnt_by: "console" } as const;
  const other = { team: null, assistant: null, receipt: "rcp_other", policy: null };
  const decided = await stack.world.trail.tryAppend({
    ...lifecycleEntry(other, at, approved),
    claims: [{ key: `decide:${receipt}`, fingerprint: "approve", expiresAt: at + 60_000 }],
  });
  assert.ok(decided.ok);
  assert.equal((await judgeWaiting(receipt, judging(stack))).result, "later");
  assert.deepEqual(await events(stack, receipt), []);
  stack.advance(61_000);
  assert.equal((await judgeWaiting(receipt, judging(stack))).result, "cancelled");
});
