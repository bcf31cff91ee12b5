import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { type TestContext, test } from "node:test";
import { liveDifferences } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { MultiMailClient } from "@countersign/multimail";
import { startSandbox } from "@countersign/sandbox";
import { pino } from "pino";
import { LiveMailboxes } from "./live_mailboxes.ts";
import { linkTeams } from "./testing/link_teams.ts";
import { TEAMS } from "./testing/teams.ts";
import { until } from "./testing/until.ts";
import { withFreshKeys } from "./testing/with_fresh_keys.ts";

const REFRESH_MS = 20_000;

/** Live mailboxes of a sandbox, with a clock that the test moves. */
async function startLive(t: TestContext, policies: PolicySet = linkTeams(withFreshKeys(TEAMS).teams)) {
  const sandbox = await startSandbox({ policies });
  const asked: string[] = [];
  const client = new MultiMailClient({
    baseUrl: sandbox.url,
    apiKey: sandbox.apiKey,
    timeoutMs: 2_000,
    around: ({ name }, make) => {
      asked.push(name);
      return make();
    },
  });
  t.after(async () => {
    await client.close();
    await sandbox.close();
  });
  let now = Date.parse("2026-03-02T12:00:00Z");
  const seen: string[] = [];
  const live = new LiveMailboxes({
    clientFor: () => client,
    clock: () => now,
    log: pino({ level: "silent" }),
    refreshMs: REFRESH_MS,
    onSeen: (policy, mailbox) =>
      seen.push(`${policy.team} ${liveDifferences(policy, mailbox).map(({ path }) => path)}`),
  });
  const control = async (path: string, body: unknown) => {
    const headers = { "Content-Type": "application/json" };
    await fetch(`${sandbox.url}/sandbox${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  };
  return {
    live,
    policies,
    marketing: policyOf(policies, "marketing"),
    seen,
    control,
    advance: (ms: number) => {
      now += ms;
    },
    /** What was asked since the last time. */
    asked: () => asked.splice(0).sort(),
  };
}

function policyOf(policies: PolicySet, team: string): TeamPolicy {
  const policy = policies.teams.get(team);
  assert.ok(policy);
  return policy;
}

test("LiveMailboxes asks once for all mailboxes, and for the allowlists of those in use", async (t) => {
  const { live, policies, marketing, advance, asked } = await startLive(t);
  await live.refresh(policies);
  assert.deepEqual(asked(), ["getAccount", "getAllowlist", "getAllowlist", "listMailboxes"]);
  await live.get(marketing);
  assert.deepEqual(asked(), [], "what is fresh is not asked for");
  advance(REFRESH_MS);
  await live.refresh(policies);
  assert.deepEqual(asked(), ["getAllowlist", "listMailboxes"]);
  advance(7 * REFRESH_MS);
  await live.refresh(policies);
  assert.deepEqual(asked(), ["getAccount", "getAllowlist", "getAllowlist", "listMailboxes"]);
});

test("LiveMailboxes waits for the first of many allowlists only, and goes on with the others", async (t) => {
  const names = Array.from({ length: 203 }, (_, index) => `t${index}`);
  const policies = linkTeams(
    Object.fromEntries(
      names.map((name) => [
        `${name}.yaml`,
        `team: ${name}\nmailbox: { id: m-${name}, address: ${name}@acme.example }\napprovers: [lead@acme.example]\nassistants: []\n`,
      ]),
    ),
  );
  const asked = new Set<string>();
  const client = {
    getAccount: async () => ({}),
    listMailboxes: async () => [],
    getAllowlist: async (id: string) => {
      asked.add(id);
      return [];
    },
  } as unknown as MultiMailClient;
  const live = new LiveMailboxes({
    clientFor: () => client,
    clock: Date.now,
    log: pino({ level: "silent" }),
    refreshMs: 600_000,
  });
  t.after(() => live.stop());
  await live.firstLook(policies);
  assert.equal(asked.size, 200);
  live.start(() => policies);
  await until(async () => asked.size === 203);
});

test("LiveMailboxes looks first while policies are recorded, and tells of it afterwards", async (t) => {
  const { live, policies, marketing, seen } = await startLive(t);
  const recording = new EventEmitter();
  const looked = live.firstLook(
    policies,
    once(recording, "over").then(() => {}),
  );
  await until(async () => live.peek(marketing) !== undefined);
  assert.deepEqual(seen, []);
  recording.emit("over");
  await looked;
  assert.deepEqual(seen.toSorted(), ["finance ", "marketing "]);
  const cause = new Error("the trail is full");
  await assert.rejects(live.firstLook(policies, Promise.reject(cause)), cause);
});

test("LiveMailboxes shows within the refresh time what a person changes, to whoever wants to send first", async (t) => {
  const { live, policies, marketing, control, advance } = await startLive(t);
  const changes = [
    [{ auto_bcc: "spy@evil.example" }, { auto_bcc: null }],
    [{ mode: "autonomous" }, { mode: "monitored" }],
    [{ allowlist: ["*@evil.example"] }, { allowlist: [] }],
  ];
  await live.refresh(policies);
  for (const [change, back] of changes) {
    await control("/mailboxes/mbx-marketing", change);
    // Nobody has used the mailbox: the background may not have looked at its allowlist.
    advance(REFRESH_MS);
    await live.refresh(policies);
    advance(2 * REFRESH_MS + 1);
    const found = await live.get(marketing);
    assert.ok(found && liveDifferences(marketing, found).length === 1, JSON.stringify(change));
    await control("/mailboxes/mbx-marketing", back);
    advance(3 * REFRESH_MS + 1);
    const restored = await live.get(marketing);
    assert.ok(restored && liveDifferences(marketing, restored).length === 0, JSON.stringify(back));
  }
});

test("LiveMailboxes does not make what it knows look newer than it is when MultiMail fails", async (t) => {
  const { live, policies, marketing, control, advance } = await startLive(t);
  await live.refresh(policies);
  const first = await live.get(marketing);
  await control("/faults", { fault: "error_500_before", count: 50, match: { path: "allowlist" } });
  for (let round = 0; round < 10; round++) {
    advance(4 * REFRESH_MS);
    await live.refresh(policies);
    assert.equal((await live.get(marketing))?.seenAt, first?.seenAt);
  }
});

test("LiveMailboxes knows nothing of a mailbox that MultiMail does not have", async (t) => {
  const { live, policies, seen } = await startLive(t);
  const text = withFreshKeys(TEAMS).teams["marketing.yaml"] ?? "";
  const moved = linkTeams({
    "moved.yaml": text.replace("team: marketing", "team: moved").replace("mbx-marketing", "mbx-elsewhere"),
  });
  await live.refresh(moved);
  assert.equal(await live.get(policyOf(moved, "moved")), undefined);
  assert.deepEqual(seen, []);
  await live.refresh(policies);
  assert.deepEqual(seen.sort(), ["finance ", "marketing "]);
});

test("seenSince() looks again unless MultiMail was asked at that time or later", async (t) => {
  const { live, policies, marketing, control, advance, asked } = await startLive(t);
  await live.refresh(policies);
  asked();
  const start = live.peek(marketing)?.seenAt ?? 0;
  await live.seenSince(marketing, start);
  assert.deepEqual(asked(), []);
  advance(5);
  await control("/mailboxes/mbx-marketing", { auto_bcc: "spy@evil.example" });
  const looks = await Promise.all([1, 2, 3].map((ms) => live.seenSince(marketing, start + ms)));
  assert.deepEqual(asked(), ["listMailboxes"], "one look is enough for all");
  assert.ok(looks.every((found) => found?.autoBcc === "spy@evil.example"));
  assert.equal(await live.seenSince(marketing, start + 60_000), undefined, "a clock that stands still");
});
