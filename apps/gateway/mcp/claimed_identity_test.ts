import assert from "node:assert/strict";
import { test } from "node:test";
import { DustClient } from "../testing/dust_client.ts";
import { salesTeams } from "../testing/sales_teams.ts";
import { startDust } from "../testing/start_dust.ts";
import { startStack } from "../testing/start_stack.ts";

/** What a platform's administrator, or a model, may write to look like somebody. */
const CLAIMED = {
  user: "ann@acme.example",
  user_email: "ann@acme.example",
  person: {
    issuer: "https://login.acme.example",
    subject: "u1",
    address: "ann@acme.example",
    claims: ["sales"],
  },
  "dust/user": { email: "ann@acme.example", sub: "u1" },
};

const HELLO = { to: ["jane@acme.example"], subject: "Hello", body: "Hello" };

test("a call's _meta and arguments make nobody the person who asks, nor are they on record", async (t) => {
  const { stack, url, intents } = await startDust(t);
  const dust = new DustClient(url, stack.keyOf("sales/bot"), CLAIMED);
  const sent = await dust.call("send_email", HELLO);
  assert.equal(sent.isError, false, sent.text);
  const claiming = await dust.call("send_email", { ...HELLO, ...CLAIMED });
  assert.match(claiming.text, /^DENIED \(invalid_request\)/);
  for (const { data } of await intents()) {
    assert.ok(!("person" in (data as object)));
    assert.doesNotMatch(JSON.stringify(data), /ann@|login\.acme|"u1"/);
  }
});

test("an assistant to which people sign in is refused whoever only claims to be one of them, in every tool", async (t) => {
  const teams = salesTeams();
  const users = 'users: { sign_in: required, allow: ["*@acme.example"], claims: [sales] }';
  const stack = await startStack(t, {
    ...teams,
    "sales.yaml": `${teams["sales.yaml"]}`.replace('keys: ["KEY"] }', `keys: ["KEY"], ${users} }`),
  });
  const dust = new DustClient(stack.gateway.url, stack.keyOf("sales/bot"), CLAIMED);
  for (const [tool, args] of [
    ["send_email", HELLO],
    ["check_inbox", {}],
    ["email_status", {}],
  ] as const) {
    const { text, isError } = await dust.call(tool, args);
    assert.ok(isError);
    assert.match(text, /^DENIED \(policy_denied\)/);
    assert.match(text, /^- users: .*nobody signed in/m);
  }
});
