import { defined } from "@countersign/core/optional";
import { formatProblem, type PolicySet, type TeamPolicy } from "@countersign/core/policy";
import { Inspector } from "@countersign/documents";
import {
  ensureDataDir,
  type GatewaySettings,
  HttpServer,
  loadSettledTeams,
  SeenTeams,
} from "@countersign/host";
import { teamsCommit } from "@countersign/host/git";
import { VERSION } from "@countersign/host/version";
import { LiveMailboxes } from "@countersign/lifecycle";
import { MultiMailClient, useProxies } from "@countersign/multimail";
import { openTrailAt } from "@countersign/trail/open";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { Logger } from "pino";
import { Services } from "./background/services.ts";
import { CallGuard } from "./backpressure/call_guard.ts";
import { CheckpointTimer } from "./checkpoints/checkpoint_timer.ts";
import { createCheckpointer } from "./checkpoints/create_checkpointer.ts";
import { Admission } from "./door/admission.ts";
import { ARRIVE_MS } from "./door/read_bytes.ts";
import { Refusals } from "./door/refusals.ts";
import { newReceipt } from "./enforce/new_receipt.ts";
import type { World } from "./enforce/world.ts";
import type { SignIn } from "./identity/sign_in.ts";
import { WaitingWatch } from "./judge_again/waiting_watch.ts";
import { openConsoleKeys } from "./lifecycle/console_keys.ts";
import { EmailTagger } from "./lifecycle/email_tagger.ts";
import { EmailWatch } from "./lifecycle/email_watch.ts";
import { InboundReleases } from "./lifecycle/inbound_releases.ts";
import { MailboxAlarms } from "./lifecycle/mailbox_alarms.ts";
import { createLog } from "./log.ts";
import { allowedHosts } from "./mcp/allowed_hosts.ts";
import { mcpDoor } from "./mcp/mcp_door.ts";
import { EmailNotices } from "./notices/email_notices.ts";
import { withGatheredAppends } from "./operations/gathered_appends.ts";
import { Metrics, type ReloadResult } from "./operations/metrics.ts";
import { operationsDoor } from "./operations/operations_door.ts";
import { readiness } from "./operations/readiness.ts";
import { snapshot } from "./operations/snapshot.ts";
import { TrailHealth } from "./operations/trail_health.ts";
import { MultiMailClients } from "./policies/multimail_clients.ts";
import { PolicyReloader } from "./policies/policy_reloader.ts";
import { TeamsWatch } from "./policies/teams_watch.ts";
import { Reconciler } from "./reconcile/reconciler.ts";
import { failPointOf } from "./record/fail_point.ts";
import { restDoor } from "./rest/rest_door.ts";
import { BodyRetention } from "./retention/body_retention.ts";
import { webhookDoor } from "./webhooks/webhook_door.ts";
import { WebhookQueue } from "./webhooks/webhook_queue.ts";

/** What a gateway is started with. */
export interface StartGatewayOptions {
  readonly settings: GatewaySettings;
  readonly policies: PolicySet;
  /** The folder that the policies are from: when it changes they are reloaded. Absent: they stay. */
  readonly teamsDir?: string;
  /** Looks up the API keys that policies name by variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For one whole call to MultiMail, in milliseconds; default 10,000. Tests that let it hang want less. */
  readonly multimailTimeoutMs?: number;
  /** How often mailboxes are looked at, in milliseconds; default 20,000. */
  readonly refreshMs?: number;
}

/** What no other door has routes for. */
const REST_URL = /^https?:\/\/[^/?#]*\/v1\//;
const MCP_URL = /^https?:\/\/[^/?#]*\/mcp$/;

/** With more emails on their way to MultiMail than these at a time, what comes after the answers gives way to them. */
const BUSY = 8;

/** A gateway that serves. */
export interface RunningGateway {
  /** Where it listens: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Reads the policies anew, and lets them come in force if nothing is wrong with them. Never rejects. */
  reload(): Promise<ReloadResult>;
  /** Ends what is under way, takes nothing new, and resolves when all is on record. */
  close(): Promise<void>;
}

/**
 * Starts the gateway: opens the trail, records the policies, looks at the mailboxes, settles what an earlier run left
 * open, and listens.
 *
 * @throws {Error} that names the variable, file or port, when it cannot
 */
export async function startGateway(options: StartGatewayOptions): Promise<RunningGateway> {
  const log = createLog(options.settings.logLevel);
  const services = new Services(log);
  try {
    return await start(options, services, log);
  } catch (error) {
    await services.stop();
    throw error;
  }
}

async function start(options: StartGatewayOptions, services: Services, log: Logger): Promise<RunningGateway> {
  const { settings, policies, teamsDir, multimailTimeoutMs: timeoutMs, refreshMs } = options;
  const clock = Date.now;
  useProxies(options.env);
  const failPoint = failPointOf(options.env.COUNTERSIGN_FAILPOINT, settings.multimailApiUrl);
  const metrics = new Metrics();
  const clients = new MultiMailClients({
    env: options.env,
    log,
    openClient: (name, apiKey) => {
      const baseUrl = settings.multimailApiUrl;
      const guard = new CallGuard({ clock, log, name });
      return new MultiMailClient({
        baseUrl,
        apiKey,
        ...(timeoutMs !== undefined && { timeoutMs }),
        around: (call, make) => guard.run(() => metrics.multimailCall(call, make), call.mailboxId),
      });
    },
  });
  await services.start({
    start: () => openClients(clients, policies),
    stop: () => clients.close(),
    ends: "calling",
  });
  const clientFor = (policy: TeamPolicy): MultiMailClient => clients.clientFor(policy);
  await ensureDataDir(settings.dataDir);
  if (settings.databaseUrl === undefined) {
    const { takeGatewayLock } = await import("@countersign/trail/sqlite");
    const lock = takeGatewayLock(settings.dataDir);
    await services.start({ stop: () => lock.release(), ends: "locking" });
  }
  const health = new TrailHealth({ policy: () => world.policies().hash, clock, log });
  const onMigrate = (done: number, total: number) =>
    log.info({ records: done, of: total }, "The trail is brought up to date");
  const opened = await openTrailAt(settings, { inThread: true, onMigrate });
  const trail = metrics.timedTrail(health.watched(opened));
  await services.start(
    { stop: () => trail.close(), ends: "recording" },
    { stop: () => health.stop(), ends: "looking" },
  );
  const alarms = new MailboxAlarms({ policies: () => world.policies(), trail, clock, log });
  const live = new LiveMailboxes({
    clientFor,
    clock,
    log,
    ...(refreshMs !== undefined && { refreshMs }),
    onSeen: (policy, mailbox) => alarms.compare(policy, mailbox),
  });
  const consoleKeys = openConsoleKeys(settings);
  const releases = new InboundReleases({ live, metrics, alarms, trail, consoleKeys });
  const tagger = new EmailTagger({ clientFor, log });
  const inspector = new Inspector();
  const world: World = {
    policies: () => reloader.inForce,
    trail,
    live,
    inspector,
    clientFor,
    clock,
    newReceipt,
    log,
    metrics,
    inFlight: new Set(),
    onAccepted: (email) => {
      emails.add(email.receipt, email.sealed);
      waiting.add(email);
    },
    onUnknown: (receipt) => reconciler.notice(receipt),
    stopOf: (mailboxId) => alarms.stopOf(mailboxId),
    noticesOf: (mailboxId) => alarms.noticesOf(mailboxId),
    noteRelease: (read) => releases.look(read),
    look: async (receipt, learntBy) => void (await emails.look(receipt, { learntBy })),
    ...(failPoint !== undefined && { failPoint }),
  };
  const seen = teamsDir === undefined ? undefined : new SeenTeams(teamsDir);
  const reloader = new PolicyReloader(
    { ...world, metrics },
    {
      policies,
      clients,
      onChanged: () => void waiting.policiesChanged(),
      ...(teamsDir !== undefined && { commitOf: (files) => teamsCommit(teamsDir, files) }),
      load: async (known, signal) =>
        teamsDir === undefined
          ? { ok: true, policies }
          : loadSettledTeams(teamsDir, { known, signal, ...(seen && { seen }) }),
    },
  );
  const reconciler = new Reconciler(world);
  const isBusy = () => world.inFlight.size > BUSY;
  const emails = new EmailWatch({
    ...world,
    trail: withGatheredAppends(trail),
    policies: () => world.policies(),
    consoleKeys,
    ...{ alarms, tagger, isBusy },
  });
  const notices = new EmailNotices({
    ...{ trail, clock, log, metrics, consoleKeys },
    policies: () => world.policies(),
    clientOf: (variable) => clients.clientOf(variable),
  });
  const waiting = new WaitingWatch({ ...world, clientsOf: (mailboxId) => clients.clientsOf(mailboxId) });
  const webhooks = new WebhookQueue({
    ...world,
    watch: emails,
    policy: () => world.policies().hash,
    isBusy,
  });
  const policy = () => world.policies().hash;
  const refusals = new Refusals({ trail, policy, clock, log, metrics });
  const checkpoints = new CheckpointTimer({
    checkpointer: await createCheckpointer(trail, settings),
    trail,
    intervalMs: settings.auditCheckpointInterval,
    policy,
    clock,
    log,
    metrics,
  });
  const retention = new BodyRetention({ trail, keepMs: settings.auditBodyRetention, policy, clock, log });
  const recorded = services.start(
    { stop: () => inspector.close(), ends: "keeping" },
    { start: () => reloader.start(), stop: () => reloader.close(), ends: "looking" },
    { start: () => alarms.start(), stop: () => alarms.stop(), ends: "keeping" },
    { start: () => checkpoints.start(), stop: () => checkpoints.stop(), ends: "signing" },
  );
  // MultiMail answers while policies are recorded; what differs from them is put on record behind them.
  await live.firstLook(policies, recorded);

  const admission = new Admission({
    clock,
    limits: { requestsPerMinute: settings.requestsPerMinute },
  });
  const app = new Hono();
  app.route(
    "/",
    operationsDoor({
      readiness: (team) =>
        readiness(world, {
          team,
          policyProblem: reloader.problem,
          trailProblem: health.problem,
          checkpointAlarm: checkpoints.alarm,
          checkpointProblems: checkpoints.problems,
          keyProblems: clients.problemsOf(world.policies()),
        }),
      metrics: async () => metrics.text(await snapshot(world)),
      openapi: async () => {
        const { openapiDocument } = await import("./rest/openapi/openapi_document.ts");
        return openapiDocument({ version: VERSION, url: settings.port === 0 ? url : settings.publicUrl });
      },
    }),
  );
  const signIn = await openSignIn(settings, { clock, log });
  const mcp = mcpDoor(world, defined({ refusals, admission, hosts: allowedHosts(settings), signIn }));
  app.route("/", mcp);
  app.route(
    "/",
    webhookDoor({ secret: settings.multimailWebhookSecret, queue: webhooks, refusals, admission }),
  );
  const rest = restDoor(world, { refusals, admission });
  app.route("/", rest);
  // Within the whole each step of a door is wrapped once more: what is almost always asked for goes to its door directly.
  const doorOf = (url: string) => (REST_URL.test(url) ? rest : MCP_URL.test(url) ? mcp : app);
  const fetch = (request: Request, env: object) => doorOf(request.url).fetch(request, env);
  // Old probes, of HTTP/1.0, name no host.
  const server = new HttpServer(getRequestListener(fetch, { hostname: "localhost" }), {
    arriveMs: ARRIVE_MS,
  });
  const reload = () => reloader.reload();
  const url = await server.listen(settings);
  await services.start(
    { stop: () => server.close(), ends: "serving" },
    // Its first pass is not waited for: requests need not.
    { start: () => void reconciler.start(), stop: () => reconciler.stop(), ends: "working" },
    { start: () => emails.start(), stop: () => emails.stop(), ends: "working" },
    { start: () => waiting.start(), stop: () => waiting.stop(), ends: "working" },
    { stop: () => webhooks.stop(), ends: "working" },
    { start: () => notices.start(), stop: () => notices.stop(), ends: "working" },
    { stop: () => tagger.stop(), ends: "working" },
    { stop: () => refusals.stop(), ends: "working" },
    { start: () => retention.start(), stop: () => retention.stop(), ends: "keeping" },
    { start: () => live.start(() => world.policies()), stop: () => live.stop(), ends: "looking" },
  );
  if (seen !== undefined) {
    const watch = new TeamsWatch({ seen, hash: policies.hash, reload, log });
    await services.start({ start: () => watch.start(), stop: () => watch.stop(), ends: "looking" });
  }
  log.info({ url, teams: policies.teams.size, policy: policies.hash }, "The gateway serves");
  let closing: Promise<void> | undefined;
  return {
    url,
    reload,
    close: () => {
      closing ??= services.stop().then(() => log.info("The gateway has ended"));
      return closing;
    },
  };
}

/** Nothing of it is loaded where nobody signs in. */
async function openSignIn(
  settings: GatewaySettings,
  options: { readonly clock: () => number; readonly log: Logger },
): Promise<SignIn | undefined> {
  const { oauthIssuer } = settings;
  if (oauthIssuer === undefined) return undefined;
  const { SignIn } = await import("./identity/sign_in.ts");
  const signIn = new SignIn({ settings: { ...settings, oauthIssuer }, ...options });
  signIn.start();
  return signIn;
}

/** @throws {Error} that names every variable without a usable key, and where it is needed */
async function openClients(clients: MultiMailClients, policies: PolicySet): Promise<void> {
  const missing = clients.open(policies);
  const problems = missing.length > 0 ? missing : await clients.check(policies);
  if (problems.length === 0) return;
  await clients.close();
  const lines = problems.map((problem) => `\n  ${formatProblem(problem)}`);
  throw new Error(`Cannot start without MultiMail's API keys:${lines.join("")}`);
}
