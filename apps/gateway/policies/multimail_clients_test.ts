import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { formatProblem } from "@countersign/core/policy";
import { linkTeams } from "@countersign/lifecycle/testing/link-teams";
import { MultiMailClient } from "@countersign/multimail";
import { startSandbox } from "@countersign/sandbox";
import { pino } from "pino";
import { MultiMailClients } from "./multimail_clients.ts";

const team = (name: string, variable: string) => `
team: ${name}
mailbox:
  id: mbx-${name}
  address: ${name}@acme.multimail.dev
  api_key_env: ${variable}
approvers: [lead@acme.example]
assistants: []
`;

function clientsOf(
  t: TestContext,
  env: Readonly<Record<string, string>>,
  baseUrl: string = "http://127.0.0.1:9",
) {
  const opened: string[] = [];
  const clients = new MultiMailClients({
    env,
    log: pino({ level: "silent" }),
    openClient: (name, apiKey) => {
      const client = new MultiMailClient({ baseUrl, apiKey });
      opened.push(name);
      return client;
    },
  });
  t.after(() => clients.close());
  return { clients, opened };
}

/** MultiMail, where every key has the same scopes; undefined: it is away. */
async function startAccount(t: TestContext, scopes: () => "send" | "send oversight" | undefined) {
  const sandbox = await startSandbox({ policies: linkTeams({ "a.yaml": team("a", "MULTIMAIL_API_KEY_A") }) });
  const asked: string[] = [];
  const server = createServer(async ({ url, headers }, response) => {
    asked.push(headers.authorization ?? "");
    const has = scopes();
    if (has === undefined) return void response.writeHead(503).end();
    const key = has === "send" ? sandbox.apiKey : sandbox.oversightKey;
    const answer = await fetch(`${sandbox.url}${url}`, { headers: { Authorization: `Bearer ${key}` } });
    response.writeHead(answer.status, { "Content-Type": "application/json" }).end(await answer.text());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await sandbox.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How often with this key. */
    asked: (key: string) => asked.filter((header) => header === `Bearer ${key}`).length,
  };
}

test("MultiMailClients.open() opens one client a key, and keeps it", (t) => {
  const { clients, opened } = clientsOf(t, { MULTIMAIL_API_KEY_A: "a", MULTIMAIL_API_KEY_B: "b" });
  const first = linkTeams({
    "a.yaml": team("a", "MULTIMAIL_API_KEY_A"),
    "b.yaml": team("b", "MULTIMAIL_API_KEY_A"),
  });
  assert.deepEqual(clients.open(first), []);
  const second = linkTeams({
    "a.yaml": team("a", "MULTIMAIL_API_KEY_A"),
    "c.yaml": team("c", "MULTIMAIL_API_KEY_B"),
  });
  assert.deepEqual(clients.open(second), []);
  assert.deepEqual(opened, ["MULTIMAIL_API_KEY_A", "MULTIMAIL_API_KEY_B"]);
  const [a, b, c] = [first.teams.get("a"), first.teams.get("b"), second.teams.get("c")];
  assert.ok(a && b && c);
  assert.equal(clients.clientFor(a), clients.clientFor(b));
  assert.notEqual(clients.clientFor(a), clients.clientFor(c));
});

test("MultiMailClients.open() says once for each variable where its key is missing or is none", (t) => {
  const { clients } = clientsOf(t, {
    MULTIMAIL_API_KEY_EMPTY: "",
    MULTIMAIL_API_KEY_WRONG: "two words",
    MULTIMAIL_API_KEY_A: "a",
  });
  const policies = linkTeams({
    "a.yaml": team("a", "MULTIMAIL_API_KEY_EMPTY"),
    "b.yaml": team("b", "MULTIMAIL_API_KEY_EMPTY"),
    "c.yaml": team("c", "MULTIMAIL_API_KEY_WRONG"),
    "d.yaml": team("d", "MULTIMAIL_API_KEY_ABSENT"),
    "e.yaml": team("e", "MULTIMAIL_API_KEY_A"),
  });
  assert.deepEqual(clients.open(policies).map(formatProblem), [
    "teams/a.yaml:6:16: Set MULTIMAIL_API_KEY_EMPTY to an API key of MultiMail with the scopes read and send (mailbox.api_key_env)",
    "teams/c.yaml:6:16: Set MULTIMAIL_API_KEY_WRONG to an API key of MultiMail: what it holds cannot be one (mailbox.api_key_env)",
    "teams/d.yaml:6:16: Set MULTIMAIL_API_KEY_ABSENT to an API key of MultiMail with the scopes read and send (mailbox.api_key_env)",
  ]);
});

test("MultiMailClients.check() names keys that MultiMail does not know, and keys that may do too much", async (t) => {
  const sandbox = await startSandbox({
    policies: linkTeams({ "a.yaml": team("a", "MULTIMAIL_API_KEY_A") }),
  });
  t.after(() => sandbox.close());
  const env = {
    MULTIMAIL_API_KEY_GOOD: sandbox.apiKey,
    MULTIMAIL_API_KEY_ADMIN: sandbox.adminKey,
    MULTIMAIL_API_KEY_OVERSIGHT: sandbox.oversightKey,
    MULTIMAIL_API_KEY_UNKNOWN: "mm_test_nobody",
  };
  const { clients } = clientsOf(t, env, sandbox.url);
  const policies = linkTeams(
    Object.fromEntries(
      Object.keys(env).map((name) => {
        const own = name.replace("MULTIMAIL_API_KEY_", "").toLowerCase();
        return [`${own}.yaml`, team(own, name)];
      }),
    ),
  );
  assert.deepEqual(clients.open(policies), []);
  const problems = (await clients.check(policies)).map(formatProblem).sort();
  assert.equal(problems.length, 3);
  assert.match(
    problems[0] ?? "",
    /^teams\/admin\.yaml:6:16: Set MULTIMAIL_API_KEY_ADMIN .*scope admin and oversight/,
  );
  assert.match(
    problems[1] ?? "",
    /^teams\/oversight\.yaml:6:16: Set MULTIMAIL_API_KEY_OVERSIGHT .*scope oversight/,
  );
  assert.match(problems[2] ?? "", /^teams\/unknown\.yaml:6:16: Set MULTIMAIL_API_KEY_UNKNOWN .*401/);
  assert.ok(!problems.join().includes("mm_test"));
});

test("MultiMailClients.check() holds nothing against a key while MultiMail is away", async (t) => {
  const { clients } = clientsOf(t, { MULTIMAIL_API_KEY_A: "a" });
  const policies = linkTeams({ "a.yaml": team("a", "MULTIMAIL_API_KEY_A") });
  clients.open(policies);
  assert.deepEqual(await clients.check(policies), []);
  assert.deepEqual(clients.problemsOf(policies), []);
});

test("MultiMailClients.check() judges a refused key again when policies that name it come again", async (t) => {
  let scopes: "send" | "send oversight" = "send";
  const account = await startAccount(t, () => scopes);
  const { clients } = clientsOf(t, { MULTIMAIL_API_KEY_A: "a", MULTIMAIL_API_KEY_B: "b" }, account.url);
  const before = linkTeams({ "a.yaml": team("a", "MULTIMAIL_API_KEY_A") });
  const after = linkTeams({
    "a.yaml": team("a", "MULTIMAIL_API_KEY_A"),
    "b.yaml": team("b", "MULTIMAIL_API_KEY_B"),
  });
  clients.open(after);
  assert.deepEqual(await clients.check(before), []);
  scopes = "send oversight";
  const asked = account.asked("a");
  const [problem, ...others] = await clients.check(after, { inForce: before });
  assert.match(problem?.message ?? "", /^Set MULTIMAIL_API_KEY_B .*scope oversight/);
  assert.deepEqual(others, []);
  // A key that serves and was fine is not asked about at every reload.
  assert.equal(account.asked("a"), asked);
  scopes = "send";
  assert.deepEqual(await clients.check(after, { inForce: before }), []);
});

test("MultiMailClients.problemsOf() speaks only of the policies in force", async (t) => {
  const account = await startAccount(t, () => "send oversight");
  const { clients } = clientsOf(t, { MULTIMAIL_API_KEY_A: "a", MULTIMAIL_API_KEY_B: "b" }, account.url);
  const inForce = linkTeams({ "a.yaml": team("a", "MULTIMAIL_API_KEY_A") });
  const refused = linkTeams({ "b.yaml": team("b", "MULTIMAIL_API_KEY_B") });
  clients.open(inForce);
  clients.open(refused);
  assert.equal((await clients.check(refused, { inForce })).length, 1);
  assert.deepEqual(clients.problemsOf(inForce), []);
  assert.match(clients.problemsOf(refused).join(), /^Set MULTIMAIL_API_KEY_B /);
});

test("MultiMailClients.check() holds a key refused that MultiMail says nothing new about", async (t) => {
  let isAway = false;
  const account = await startAccount(t, () => (isAway ? undefined : "send oversight"));
  const { clients } = clientsOf(t, { MULTIMAIL_API_KEY_A: "a" }, account.url);
  const policies = linkTeams({ "a.yaml": team("a", "MULTIMAIL_API_KEY_A") });
  clients.open(policies);
  assert.equal((await clients.check(policies)).length, 1);
  isAway = true;
  assert.equal((await clients.check(policies)).length, 1);
});
