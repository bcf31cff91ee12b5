import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { sendCarefully } from "./testing/careful_client.ts";
import { compareWithTrail } from "./testing/compare_with_trail.ts";
import { startCrashStack } from "./testing/crash_stack.ts";
import { deliveries } from "./testing/deliveries.ts";
import { untilSettled } from "./testing/until_settled.ts";

const COMMAND = fileURLToPath(new URL("../../cli/countersign.js", import.meta.url));

/** What `npm start` runs. `printed` resolves with what it first says, on stderr. */
function serve(t: TestContext, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [COMMAND, "serve"], { env, stdio: ["ignore", "ignore", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  return {
    printed: once(child.stderr, "data").then(([data]) => String(data)),
    ended: once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
  };
}

async function urlIn(printed: Promise<string>): Promise<string> {
  const text = await printed;
  const [url] = /http:\/\/[^\s;]+/.exec(text) ?? [];
  assert.ok(url !== undefined, text);
  return url;
}

test("countersign serve settles what an earlier run left open at each step of an email", async (t) => {
  const stack = await startCrashStack();
  t.after(() => stack.close());
  const sending: Promise<string>[] = [];
  let url = Promise.resolve("http://127.0.0.1:9");
  for (const point of ["after_intent", "after_send", "after_outcome"]) {
    const gateway = serve(t, { ...stack.env, COUNTERSIGN_FAILPOINT: point });
    url = urlIn(gateway.printed);
    const body = { to: "ann@acme.example", subject: "News", body: `Dies at ${point}` };
    sending.push(sendCarefully({ key: stack.keyOf("open/open-bot"), path: "/v1/send", body }, () => url));
    assert.deepEqual(await gateway.ended, [null, "SIGKILL"]);
  }
  const survivor = serve(t, stack.env);
  url = urlIn(survivor.printed);
  const receipts = await Promise.all(sending);
  const trail = await openSqliteTrail(join(stack.dataDir, "trail.sqlite"), { readonly: true });
  await untilSettled(trail);
  survivor.kill("SIGTERM");
  assert.deepEqual(await survivor.ended, [0, null]);
  const outbox = await deliveries(stack);
  assert.equal(outbox.length, 3);
  const differences = await compareWithTrail({ outbox, receipts }, trail);
  for (const [kind, found] of Object.entries(differences)) assert.deepEqual(found, [], kind);
  await trail.close();
});

test("countersign serve does not start with a fail point when MultiMail is a real one", async (t) => {
  const stack = await startCrashStack();
  t.after(() => stack.close());
  const env = {
    ...stack.env,
    MULTIMAIL_API_URL: "https://multimail.invalid",
    COUNTERSIGN_FAILPOINT: "after_send",
  };
  const gateway = serve(t, env);
  assert.match(await gateway.printed, /Cannot start with COUNTERSIGN_FAILPOINT/);
  assert.deepEqual(await gateway.ended, [1, null]);
});
