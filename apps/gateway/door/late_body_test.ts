import assert from "node:assert/strict";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { test } from "node:test";
import { setImmediate as nextTick } from "node:timers/promises";
import { TEAMS } from "@countersign/lifecycle/testing/teams";
import { pino } from "pino";
import { mcpDoor } from "../mcp/mcp_door.ts";
import { Metrics } from "../operations/metrics.ts";
import { restDoor } from "../rest/rest_door.ts";
import { startFolder } from "../testing/start_folder.ts";
import { startWorld } from "../testing/start_world.ts";
import { Admission } from "./admission.ts";
import { ARRIVE_MS } from "./read_bytes.ts";
import { Refusals } from "./refusals.ts";

const EMAIL = { to: ["jane@acme.example"], subject: "Late", body: "Hello there" };

const MARKDOWN = { to: ["jane@acme.example"], subject: "Late", markdown: "Hello there" };

function rpc(method: string, params: Readonly<Record<string, unknown>>) {
  return { jsonrpc: "2.0", id: 1, method, params };
}

/** Everything with a body that an assistant may ask through a door. */
const REQUESTS: readonly { readonly path: string; readonly body: unknown }[] = [
  { path: "/v1/send", body: EMAIL },
  { path: "/v1/reply", body: { message_id: "eml_1", body: "Hello there" } },
  { path: "/v1/report", body: { recipients: ["jane@acme.example"], period: "W1", metrics: { a: 1 } } },
  { path: "/v1/mailboxes/mbx-marketing/send", body: MARKDOWN },
  { path: "/v1/mailboxes/mbx-marketing/reply/eml_1", body: { markdown: "Hello there" } },
  { path: "/mcp", body: rpc("tools/call", { name: "send_email", arguments: EMAIL }) },
  { path: "/mcp", body: rpc("tools/call", { name: "check_inbox", arguments: {} }) },
  { path: "/mcp", body: rpc("tools/call", { name: "email_policy", arguments: {} }) },
  { path: "/mcp", body: rpc("tools/list", {}) },
  { path: "/mcp", body: [rpc("tools/call", { name: "send_email", arguments: EMAIL })] },
];

/** A request whose headers the gateway has seen, and of whose body a part is missing. */
async function begin(url: string, key: string, body: string): Promise<() => Promise<number>> {
  const begun: ClientRequest = request(url, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${key}`,
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      "Content-Length": Buffer.byteLength(body),
      // The gateway says "continue" in the turn in which it looks at the key.
      Expect: "100-continue",
    },
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    begun.on("response", resolve);
    begun.on("error", reject);
  });
  await new Promise<void>((resolve) => {
    begun.on("continue", resolve);
    begun.flushHeaders();
  });
  begun.write(body.slice(0, 20));
  return async () => {
    begun.end(body.slice(20));
    const response = await answered;
    response.resume();
    return response.statusCode ?? 0;
  };
}

test("a key that is revoked while a body arrives opens nothing, at no door", async (t) => {
  const folder = await startFolder(t, TEAMS);
  const key = folder.keys.get("marketing/writer") ?? "";
  const requests = await Promise.all(
    REQUESTS.map(async ({ path, body }) => ({
      name: `${path} ${JSON.stringify(body).slice(0, 90)}`,
      end: await begin(`${folder.gateway.url}${path}`, key, JSON.stringify(body)),
    })),
  );
  folder.write(
    "marketing.yaml",
    `${folder.teams["marketing.yaml"]}`.replace(/keys: \["[^"]*"\]/, "keys: []"),
  );
  assert.equal(await folder.gateway.reload(), "loaded");
  for (const { name, end } of requests) assert.equal(await end(), 401, name);
  assert.equal((await folder.emailsRecorded()).filter(({ effect }) => effect === "allow").length, 0);
});

test("handle() judges with the policies that are in force when all is known, not with those that it began with", async (t) => {
  const { world, ask, setTeams } = await startWorld(t, TEAMS);
  const get = world.live.get.bind(world.live);
  const live = Object.assign(Object.create(world.live), {
    get: async (policy: Parameters<typeof get>[0]) => {
      const seen = await get(policy);
      if (!hasChanged)
        setTeams({ ...TEAMS, "marketing.yaml": `${TEAMS["marketing.yaml"]}limits: { team: 1/day }\n` });
      hasChanged = true;
      return seen;
    },
  });
  let hasChanged = false;
  const outcome = await ask("marketing/writer", EMAIL, { ...world, live });
  assert.equal(outcome.kind, "taken");
  assert.equal(outcome.kind === "taken" && outcome.decision.policy, world.policies().hash);
});

test("a body that does not arrive within 30 s is refused with 408, on record, at every door", async (t) => {
  const { world } = await startWorld(t, TEAMS);
  const key = "csk_any";
  const policies = world.policies();
  const teams = world.policies().teams;
  assert.ok(teams.size > 0);
  const log = pino({ level: "silent" });
  const policy = () => policies.hash;
  const refusals = new Refusals({ ...world, policy, log, metrics: new Metrics() });
  const { hashAssistantKey } = await import("@countersign/host");
  const hash = hashAssistantKey(key);
  const team = teams.get("marketing");
  const writer = team?.assistants.get("writer");
  assert.ok(team && writer);
  const keyed = {
    ...policies,
    teams: new Map([
      ["marketing", { ...team, assistants: new Map([["writer", { ...writer, keys: [hash] }]]) }],
    ]),
    keys: new Map([[hash.slice(7), { team: "marketing", assistant: "writer" }]]),
  };
  const inside = { ...world, policies: () => keyed };
  const admission = new Admission({ clock: Date.now });
  const doors = {
    "/v1/send": restDoor(inside, { refusals, admission }),
    "/v1/mailboxes/mbx-marketing/send": restDoor(inside, { refusals, admission }),
    "/mcp": mcpDoor(inside, { refusals, admission, hosts: ["gateway.example"] }),
  };
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const [path, door] of Object.entries(doors)) {
    for (const length of [undefined, "1000"]) {
      const body = new ReadableStream({ start: (sink) => sink.enqueue(new TextEncoder().encode('{"to":')) });
      const headers = {
        Authorization: `Bearer ${key}`,
        "Content-Type": "application/json",
        Host: "gateway.example",
        ...(length !== undefined && { "Content-Length": length }),
      };
      const options = { method: "POST", headers, body, duplex: "half" } as RequestInit;
      let status: number | undefined;
      const answering = Promise.resolve(door.fetch(new Request(`http://gateway.example${path}`, options)));
      void answering.then((response) => {
        status = response.status;
      });
      for (let turn = 0; turn < 50; turn++) await nextTick();
      assert.equal(status, undefined, path);
      while (status === undefined) {
        t.mock.timers.tick(ARRIVE_MS);
        await nextTick();
      }
      assert.equal(status, 408, path);
    }
  }
  t.mock.timers.reset();
  const denied: string[] = [];
  for await (const { record } of world.trail.records({ kind: "intent" })) {
    denied.push(record.data.findings[0]?.message ?? "");
  }
  assert.equal(denied.length, 6);
  assert.match(denied[0] ?? "", /did not arrive within 30 s/);
});
