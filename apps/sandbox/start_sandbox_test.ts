import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startSandbox } from "./start_sandbox.ts";

test("startSandbox() makes new keys at every start, unless they are given", async (t) => {
  const first = await startSandbox();
  const second = await startSandbox({ apiKey: "mm_test_mine", webhookSecret: "whsec_mine" });
  t.after(() => Promise.all([first.close(), second.close()]));
  for (const key of [first.apiKey, first.oversightKey, first.adminKey, second.adminKey]) {
    assert.match(key, /^mm_test_[\w-]{32}$/);
  }
  assert.match(first.webhookSecret, /^whsec_/);
  assert.notEqual(first.adminKey, second.adminKey);
  assert.deepEqual([second.apiKey, second.webhookSecret], ["mm_test_mine", "whsec_mine"]);
  assert.equal(first.mailboxes[0]?.oversight_mode, "gated_send");
});

test("startSandbox() delivers by the real clock, without being asked", { timeout: 5000 }, async (t) => {
  const receiver = createServer((_, response) => response.end()).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const told = once(receiver, "request");
  const sandbox = await startSandbox({
    mailboxes: [{ id: "m", address: "m@x.example", oversightMode: "autonomous" }],
    webhookUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
  });
  t.after(() => Promise.all([sandbox.close(), receiver.close()]));
  await fetch(`${sandbox.url}/v1/mailboxes/m/send`, {
    method: "POST",
    headers: { authorization: `Bearer ${sandbox.apiKey}` },
    body: JSON.stringify({ to: ["a@x.example"], subject: "Hi", markdown: "Hi" }),
  });
  await told;
});

test("startSandbox() refuses two mailboxes with one id or address", async () => {
  const mailbox = { id: "m", address: "m@x.example", oversightMode: "gated_all" } as const;
  await assert.rejects(startSandbox({ mailboxes: [mailbox, { ...mailbox, id: "n" }] }), RangeError);
  await assert.rejects(
    startSandbox({ mailboxes: [mailbox, { ...mailbox, address: "n@x.example" }] }),
    RangeError,
  );
});

test("startSandbox() refuses a port in use, and close() frees it", async () => {
  const sandbox = await startSandbox();
  const port = Number(new URL(sandbox.url).port);
  await assert.rejects(startSandbox({ port }), {
    message: `Cannot listen on 127.0.0.1:${port} (HOST, SANDBOX_PORT): something else listens there`,
  });
  await Promise.all([sandbox.close(), sandbox.close()]);
  await (await startSandbox({ port })).close();
});

test("close() does not wait for a request that hangs", { timeout: 5000 }, async () => {
  const sandbox = await startSandbox();
  await fetch(`${sandbox.url}/sandbox/faults`, {
    method: "POST",
    body: JSON.stringify({ fault: "hang", match: {} }),
  });
  const hanging = assert.rejects(fetch(`${sandbox.url}/v1/account`), TypeError);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await sandbox.close();
  await hanging;
});
