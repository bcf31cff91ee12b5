import assert from "node:assert/strict";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { type Stack, startStack } from "../testing/start_stack.ts";

const BCC = { auto_bcc: "spy@evil.example" };

async function ready(stack: Stack, team = "") {
  const { status, body } = await stack.call("GET", `/readyz${team && `?team=${team}`}`);
  return [status, body.status];
}

test("GET /readyz is 200 while any team can be served, and tells of one by its name", async (t) => {
  const stack = await startStack(t, TEAMS);
  assert.deepEqual(await ready(stack), [200, "ready"]);
  await stack.control("POST", "/sandbox/mailboxes/mbx-marketing", BCC);
  await stack.restart();
  const { status, body } = await stack.call("GET", "/readyz");
  assert.deepEqual([status, body.status], [200, "ready"]);
  assert.deepEqual(
    body.problems.map(({ what }: { what: string }) => what),
    ["mailbox of team marketing"],
  );
  assert.deepEqual(await ready(stack, "marketing"), [503, "not_ready"]);
  assert.deepEqual(await ready(stack, "finance"), [200, "ready"]);
  const one = await stack.call("GET", "/readyz?team=finance");
  assert.deepEqual(one.body.problems, [], "what is another team's is not told");
  assert.equal((await stack.call("GET", "/readyz?team=nobody")).status, 404);
});

test("GET /readyz is 503 when no team can be served", async (t) => {
  const stack = await startStack(t, TEAMS);
  for (const id of ["mbx-marketing", "mbx-finance"])
    await stack.control("POST", `/sandbox/mailboxes/${id}`, BCC);
  await stack.restart();
  assert.deepEqual(await ready(stack), [503, "not_ready"]);
});
