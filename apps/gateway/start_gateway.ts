import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { ensureDataDir, type Settings } from "@countersign/host";
import { MultiMailClient } from "@countersign/multimail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { ulid } from "ulid";
import { guardedClient } from "./backpressure/guarded_client.ts";
import { Refusals } from "./door/refusals.ts";
import { append } from "./enforce/append.ts";
import { EmailTagger } from "./enforce/email_tagger.ts";
import { failPointOf } from "./enforce/fail_point.ts";
import { LiveMailboxes } from "./enforce/live_mailboxes.ts";
import type { World } from "./enforce/world.ts";
import { createLog } from "./log.ts";
import { allowedHosts } from "./mcp/allowed_hosts.ts";
import { mcpDoor } from "./mcp/mcp_door.ts";
import { operationsDoor } from "./operations/operations_door.ts";
import { readiness } from "./operations/readiness.ts";
import { Reconciler } from "./reconcile/reconciler.ts";
import { restDoor } from "./rest/rest_door.ts";

/** What a gateway is started with. */
export interface StartGatewayOptions {
  readonly settings: Settings;
  readonly policies: PolicySet;
  /** Looks up the API keys that policies name by variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For one whole call to MultiMail, in milliseconds; default 10,000. Tests that let it hang want less. */
  readonly multimailTimeoutMs?: number;
}

/** A gateway that serves. */
export interface RunningGateway {
  /** Where it listens: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Ends what is under way, takes nothing new, and resolves when all is on record. */
  close(): Promise<void>;
}

/** How often mailboxes are looked at. */
const LOOK_MS = 20_000;

/** How long requests under way may take to end when the gateway closes. */
const DRAIN_MS = 20_000;

/**
 * Starts the gateway: opens the trail, records the policies, looks at every mailbox, settles what an earlier run left
 * open, and listens.
 *
 * @throws {Error} that names the variable, file or port, when it cannot
 */
export async function startGateway(options: StartGatewayOptions): Promise<RunningGateway> {
  const { settings, policies } = options;
  const clock = Date.now;
  const log = createLog(settings.logLevel);
  const failPoint = failPointOf(options.env.COUNTERSIGN_FAILPOINT, settings.multimailApiUrl);
  const clients = new Map(
    [...openClients(options)].map(([name, client]) => [name, guardedClient(client, { clock, log, name })]),
  );
  const clientFor = ({ mailbox }: TeamPolicy): MultiMailClient => {
    const client = clients.get(mailbox.apiKeyEnv);
    if (client === undefined) throw new Error(`Cannot find the API key: ${mailbox.apiKeyEnv} is not set`);
    return client;
  };
  await ensureDataDir(settings.dataDir);
  const trail = await openSqliteTrail(join(settings.dataDir, "trail.sqlite"));
  const live = new LiveMailboxes({ clientFor, clock, log });
  const tagger = new EmailTagger({ clientFor, log });
  const world: World = {
    policies: () => policies,
    trail,
    live,
    clientFor,
    clock,
    newReceipt: () => `rcp_${ulid()}`,
    log,
    inFlight: new Set(),
    onAccepted: (email) => tagger.add(email),
    onUnknown: (receipt) => reconciler.notice(receipt),
    ...(failPoint !== undefined && { failPoint }),
  };
  const reconciler = new Reconciler(world);
  const refusals = new Refusals({ trail, policy: () => world.policies().hash, clock, log });
  await recordPolicies(world);
  await live.refresh(policies);

  const app = new Hono();
  app.route(
    "/",
    operationsDoor(() => readiness(world)),
  );
  app.route("/", mcpDoor(world, { refusals, hosts: allowedHosts(settings) }));
  app.route("/", restDoor(world, { refusals }));
  const server = createServer(getRequestListener(app.fetch));
  const url = await listen(server, settings);
  void reconciler.start();
  const looking = setInterval(() => void live.refresh(world.policies()), LOOK_MS);
  log.info({ url, teams: policies.teams.size, policy: policies.hash }, "The gateway serves");

  let closing: Promise<void> | undefined;
  const close = async () => {
    clearInterval(looking);
    await closeServer(server);
    await Promise.all([reconciler.stop(), tagger.idle(), refusals.flush()]);
    await Promise.all([...clients.values()].map((client) => client.close()));
    await trail.close();
    log.info("The gateway has ended");
  };
  return {
    url,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** One client for each key that a policy names. */
function openClients({
  settings,
  policies,
  env,
  multimailTimeoutMs: timeoutMs,
}: StartGatewayOptions): ReadonlyMap<string, MultiMailClient> {
  const names = new Set([...policies.teams.values()].map(({ mailbox }) => mailbox.apiKeyEnv));
  const missing = [...names].filter((name) => !env[name]).sort();
  if (missing.length > 0) {
    throw new Error(
      `Cannot start without MultiMail's API key: set ${missing.join(" and ")} (scopes read and send)`,
    );
  }
  return new Map(
    [...names].map((name) => [
      name,
      new MultiMailClient({
        baseUrl: settings.multimailApiUrl,
        apiKey: env[name] ?? "",
        ...(timeoutMs !== undefined && { timeoutMs }),
      }),
    ]),
  );
}

/** Keeps the text of the policies in force, and says from when on they are. */
async function recordPolicies(world: World): Promise<void> {
  const policies = world.policies();
  await append(
    {
      kind: "policy",
      at: world.clock(),
      team: null,
      assistant: null,
      receipt: null,
      policy: policies.hash,
      data: { result: "loaded", files: policies.files.map(({ name, hash }) => ({ name, hash })) },
      policyTexts: policies.files,
    },
    world,
  );
}

function listen(server: Server, { host, port }: Settings): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "something else listens there" : error.message;
      reject(new Error(`Cannot listen on ${host}:${port} (HOST, PORT): ${why}`));
    });
    server.listen(port, host, () => {
      const address = server.address();
      const actual = typeof address === "object" && address !== null ? address.port : port;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${actual}`);
    });
  });
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(cut);
}
