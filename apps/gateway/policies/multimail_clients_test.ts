import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { formatProblem } from "@countersign/core/policy";
import { MultiMailClient } from "@countersign/multimail";
import { startSandbox } from "@countersign/sandbox";
import { pino } from "pino";
import { linkTeams } from "../testing/link_teams.ts";
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
  assert.deepEqual(clients.problems, []);
});
