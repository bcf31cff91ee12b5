import assert from "node:assert/strict";
import { chmodSync, copyFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { until } from "@countersign/lifecycle/testing/until";
import { parseCheckpoint, verifyTrail } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { type Stack, startStack } from "../testing/start_stack.ts";

interface Readiness {
  readonly status: string;
  readonly problems: readonly { readonly what: string; readonly message: string }[];
}

async function readiness(stack: Stack): Promise<readonly [status: number, body: Readiness]> {
  const response = await fetch(`${stack.gateway.url}/readyz`);
  return [response.status, (await response.json()) as Readiness];
}

async function metric(stack: Stack, name: string): Promise<number> {
  const response = await (await fetch(`${stack.gateway.url}/metrics`)).text();
  const line = response.split("\n").find((one) => one.startsWith(`countersign_checkpoint_${name} `));
  return Number(line?.split(" ")[1] ?? Number.NaN);
}

async function send(stack: Stack, subject: string): Promise<number> {
  const body = { to: "jane@acme.example", subject, body: `About ${subject}` };
  return (await stack.call("POST", "/v1/send", { as: "marketing/writer", body })).status;
}

function latest(stack: Stack): ReturnType<typeof parseCheckpoint> {
  return parseCheckpoint(readFileSync(join(stack.dataDir, "checkpoints/latest.txt"), "utf8"));
}

test("the gateway signs the trail on a timer, and goes on when a place for it cannot be reached", async (t) => {
  let isDown = true;
  const received: string[] = [];
  const server = createServer(async (request, response) => {
    const note = await text(request);
    if (!isDown) received.push(note);
    response.writeHead(isDown ? 503 : 200).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`;
  const stack = await startStack(
    t,
    TEAMS,
    {},
    {
      variables: {
        AUDIT_CHECKPOINT_INTERVAL: "1s",
        AUDIT_CHECKPOINT_TO: `${url}?token=secret`,
        AUDIT_ORIGIN: "acme",
      },
    },
  );
  assert.equal(statSync(join(stack.dataDir, "audit_signing_key.pem")).mode & 0o777, 0o600);
  const [status, { problems }] = await until(async () => {
    const answer = await readiness(stack);
    return answer[1].problems.length > 0 && answer;
  });
  assert.equal(status, 200, "email goes on");
  assert.deepEqual(problems, [
    {
      what: "checkpoints",
      message: `Cannot deliver a checkpoint to ${url}: the answer was 503, want 200 to 299`,
    },
  ]);
  assert.equal(latest(stack).origin, "acme");
  assert.equal(await send(stack, "one"), 202);
  isDown = false;
  await until(async () => received.some((note) => parseCheckpoint(note).size === latest(stack).size));
  await until(async () => (await readiness(stack))[1].problems.length === 0);
  assert.equal(await metric(stack, "size"), latest(stack).size);
  assert.equal(await metric(stack, "alarm"), 0);
  assert.ok((await metric(stack, 'failures_total{to="url"}')) > 0);
  assert.ok(Date.now() / 1000 - (await metric(stack, "timestamp_seconds")) < 60);
});

test("the gateway signs at its end, and never a trail of which an older copy was restored", async (t) => {
  const stack = await startStack(t, TEAMS);
  const path = join(stack.dataDir, "trail.sqlite");
  assert.ok(!existsSync(join(stack.dataDir, "checkpoints")));
  await stack.gateway.close();
  const first = latest(stack);
  copyFileSync(path, `${path}.older`);
  await stack.restart();
  assert.equal(await metric(stack, "alarm"), 0);
  assert.equal(await send(stack, "one"), 202);
  await stack.gateway.close();
  const second = latest(stack);
  assert.ok(second.size > first.size);
  const trail = await openSqliteTrail(path, { readonly: true });
  const result = await verifyTrail(trail, { since: [{ name: "first", checkpoint: first }] });
  await trail.close();
  assert.ok(result.ok && result.checkpoints.count === 2, JSON.stringify(result));

  copyFileSync(`${path}.older`, path);
  await stack.restart();
  const [status, { problems }] = await readiness(stack);
  assert.equal(status, 503);
  assert.match(problems[0]?.message ?? "", /older copy was restored/);
  assert.equal(await metric(stack, "alarm"), 1);
  assert.equal(await send(stack, "two"), 202, "email goes on: only the proof is gone");
  const refused = await stack.records({ kind: "refused" });
  assert.deepEqual(refused[0]?.record.data.refused, [
    { door: "checkpoint", code: "trail_not_extended", count: 1 },
  ]);
  await stack.gateway.close();
  assert.equal(latest(stack).size, second.size, "nothing was signed");
});

test("the gateway does not start with a signing key that others can read", async (t) => {
  const stack = await startStack(t, TEAMS);
  await stack.gateway.close();
  chmodSync(join(stack.dataDir, "audit_signing_key.pem"), 0o644);
  await assert.rejects(stack.restart(), /its mode is 644, so that others can read it; run chmod 600/);
});
