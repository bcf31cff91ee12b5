import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "@countersign/lifecycle/testing/until";
import { DustClient } from "../testing/dust_client.ts";
import { type Stack, startStack } from "../testing/start_stack.ts";
import { startWorld } from "../testing/start_world.ts";

const WEEK_MS = 7 * 86_400_000;
const TEAM = `
team: news
mailbox: { id: mbx-news, address: news@acme.multimail.dev }
oversight: monitored
assistants:
  - { id: writer, actions: [send, report, status], keys: ["KEY"] }
  - { id: other, actions: [send, report, status], keys: ["KEY"], limits: { per_domain: 1/day } }
recipients: { external: allow }
`;
const DOMAIN = "per_domain: 3/day";
const DOMAIN_FULL = /This recipient's domain has had as many emails from your team as is allowed for now/;
const TEAM_FULL = /Your team has sent as much as it may for now/;

/** Asks for an email by one door; what it answered. */
type Ask = (as: string, to: readonly string[]) => Promise<string>;

/** Both doors, each with a subject of its own for every email, so that none is a repetition. */
function doorsOf(stack: Stack): Readonly<Record<"rest" | "mcp", Ask>> {
  let count = 0;
  return {
    rest: async (as, to) => {
      const body = { to, subject: `Rest ${++count}`, body: `About ${count}` };
      return JSON.stringify((await stack.call("POST", "/v1/send", { as: `news/${as}`, body })).body);
    },
    mcp: async (as, to) => {
      const dust = new DustClient(stack.gateway.url, stack.keyOf(`news/${as}`));
      return (await dust.call("send_email", { to, subject: `Mcp ${++count}`, body: `About ${count}` })).text;
    },
  };
}

test("Both doors count a domain together, each of its people alike, and no other domain", async (t) => {
  const stack = await startStack(t, { "news.yaml": `${TEAM}limits: { ${DOMAIN} }\n` });
  const { rest, mcp } = doorsOf(stack);
  assert.doesNotMatch(await rest("writer", ["ann@client.example", "bob@client.example"]), DOMAIN_FULL);
  assert.doesNotMatch(await mcp("writer", ["Joe+x@CLIENT.example"]), DOMAIN_FULL);
  assert.doesNotMatch(await rest("writer", ["eve@sub.client.example"]), DOMAIN_FULL);
  // A limit of its own counts what the whole team sent there.
  assert.match(await mcp("other", ["zoe@client.example"]), DOMAIN_FULL);
  assert.doesNotMatch(await mcp("writer", ["zoe@client.example"]), DOMAIN_FULL);
  for (const ask of [rest, mcp]) {
    assert.match(await ask("writer", ["new@client.example"]), DOMAIN_FULL);
    // One of them is enough, and the other domain does not count for it.
    assert.match(await ask("writer", ["ann@another.example", "ann@client.example"]), DOMAIN_FULL);
  }
  await stack.restart();
  const again = doorsOf(stack);
  for (const ask of [again.rest, again.mcp])
    assert.match(await ask("writer", ["x@client.example"]), DOMAIN_FULL);
  assert.doesNotMatch(await again.mcp("writer", ["ann@another.example"]), DOMAIN_FULL);
  // The assistant's own limit is its own.
  assert.match(await again.rest("other", ["bob@another.example"]), DOMAIN_FULL);
  await until(async () => ((await stack.outbox()).length === 5 ? 5 : undefined));
});

test("Calls at the same time, through both doors, are not more than a domain and a week may have", async (t) => {
  for (const [limits, most] of [
    [DOMAIN, 3],
    ["team: 4/week", 4],
  ] as const) {
    const stack = await startStack(t, { "news.yaml": `${TEAM}limits: { ${limits} }\n` });
    const { rest, mcp } = doorsOf(stack);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => [rest, mcp][n % 2]?.("writer", [`p${n}@client.example`])),
    );
    // Whoever loses to another call on the way is told that, by the same code.
    const refused = answers.filter((answer = "") => /limit_reached/.test(answer));
    assert.equal(refused.length, 12 - most, answers.join("\n"));
    await until(async () => ((await stack.outbox()).length === most ? most : undefined));
  }
});

test("A week's limit counts whichever assistant and door, also of a report's emails, until seven days are over", async (t) => {
  const teams = { "news.yaml": `${TEAM}limits: { team: 3/week }\n` };
  const stack = await startStack(t, teams);
  const { rest, mcp } = doorsOf(stack);
  const dust = new DustClient(stack.gateway.url, stack.keyOf("news/other"));
  assert.doesNotMatch(await rest("writer", ["ann@one.example"]), TEAM_FULL);
  const to = ["ann@two.example", "bob@three.example"];
  const report = await dust.call("send_report", { period: "Week 48", metrics: { reads: 7 }, recipients: to });
  assert.doesNotMatch(report.text, TEAM_FULL);
  for (const ask of [rest, mcp]) assert.match(await ask("writer", ["ann@four.example"]), TEAM_FULL);
  await until(async () => ((await stack.outbox()).length === 3 ? 3 : undefined));

  const world = await startWorld(t, teams);
  const email = (n: number) => ({ to: `p${n}@client.example`, subject: `Email ${n}`, body: `About ${n}` });
  const kindOf = async (n: number) => (await world.ask("news/writer", email(n))).kind;
  assert.equal(await kindOf(1), "taken");
  world.advance(86_400_000);
  assert.deepEqual([await kindOf(2), await kindOf(3), await kindOf(4)], ["taken", "taken", "denied"]);
  world.advance(WEEK_MS - 86_400_000 - 1);
  assert.equal(await kindOf(5), "denied");
  world.advance(1);
  assert.deepEqual([await kindOf(6), await kindOf(7)], ["taken", "denied"]);
});
