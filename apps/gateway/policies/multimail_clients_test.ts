import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblem } from "@countersign/core/policy";
import { MultiMailClient } from "@countersign/multimail";
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

function clientsOf(t: { after(f: () => Promise<void>): void }, env: Readonly<Record<string, string>>) {
  const opened: string[] = [];
  const clients = new MultiMailClients({
    env,
    openClient: (name, apiKey) => {
      const client = new MultiMailClient({ baseUrl: "http://127.0.0.1:9", apiKey });
      opened.push(name);
      return client;
    },
  });
  t.after(() => clients.close());
  return { clients, opened };
}

test("MultiMailClients.open() opens one client a key, and keeps it", (t) => {
  const { clients, opened } = clientsOf(t, { KEY_A: "a", KEY_B: "b" });
  const first = linkTeams({ "a.yaml": team("a", "KEY_A"), "b.yaml": team("b", "KEY_A") });
  assert.deepEqual(clients.open(first), []);
  const second = linkTeams({ "a.yaml": team("a", "KEY_A"), "c.yaml": team("c", "KEY_B") });
  assert.deepEqual(clients.open(second), []);
  assert.deepEqual(opened, ["KEY_A", "KEY_B"]);
  const [a, b, c] = [first.teams.get("a"), first.teams.get("b"), second.teams.get("c")];
  assert.ok(a && b && c);
  assert.equal(clients.clientFor(a), clients.clientFor(b));
  assert.notEqual(clients.clientFor(a), clients.clientFor(c));
});

test("MultiMailClients.open() says once for each variable where its key is missing or is none", (t) => {
  const { clients } = clientsOf(t, { EMPTY: "", WRONG: "two words", KEY_A: "a" });
  const policies = linkTeams({
    "a.yaml": team("a", "EMPTY"),
    "b.yaml": team("b", "EMPTY"),
    "c.yaml": team("c", "WRONG"),
    "d.yaml": team("d", "ABSENT"),
    "e.yaml": team("e", "KEY_A"),
  });
  assert.deepEqual(clients.open(policies).map(formatProblem), [
    "teams/a.yaml:6:16: Set EMPTY to an API key of MultiMail with the scopes read and send (mailbox.api_key_env)",
    "teams/c.yaml:6:16: Set WRONG to an API key of MultiMail: what it holds cannot be one (mailbox.api_key_env)",
    "teams/d.yaml:6:16: Set ABSENT to an API key of MultiMail with the scopes read and send (mailbox.api_key_env)",
  ]);
});
