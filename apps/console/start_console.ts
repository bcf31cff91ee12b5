import type { PolicySet } from "@countersign/core/policy";
import { type Environment, ensureDataDir, HttpServer } from "@countersign/host";
import { useProxies } from "@countersign/multimail";
import { openTrailAt } from "@countersign/trail/open";
import { getRequestListener } from "@hono/node-server";
import type { ConsoleSettings, ConsoleWorld } from "./console_world.ts";
import { createApp } from "./create_app.tsx";
import { type OpenDecidingOptions, openDeciding } from "./deciding/open_deciding.ts";
import { createLog } from "./log.ts";
import { Notices } from "./notices/notices.ts";
import { PoliciesWatch } from "./policies_watch.ts";
import { createSignInLink } from "./sign_in/sign_in_link.ts";
import { openConsoleStore } from "./store/open_console_store.ts";

export { OidcClient } from "./sign_in/oidc_client.ts";

/** What a console is started with. */
export interface StartConsoleOptions {
  readonly settings: ConsoleSettings;
  readonly policies: PolicySet;
  /** The folder that the policies are from: when it changes they are read anew. Absent: they stay. */
  readonly teamsDir?: string;
  /** Looks up the oversight keys that belong to the API keys that policies name by variable. */
  readonly env: Environment;
  /** Sign-ins by link stand for people, as in the demo. @default false */
  readonly demo?: boolean;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
  /** Passed by while a decision is carried out; only crash tests have one. */
  readonly failPoint?: OpenDecidingOptions["failPoint"];
}

/** A console that serves. */
export interface RunningConsole {
  /** How people reach it: `http://127.0.0.1:8789`. */
  readonly url: string;
  /**
   * Makes a link that signs one person in, once, within ten minutes.
   *
   * @throws {Error} when the policies give them no role
   */
  link(address: string): Promise<string>;
  /** Answers what is under way, takes nothing new, and resolves when all is closed. */
  close(): Promise<void>;
}

/**
 * Starts the console: opens the gateway's trail, its own store and key, and listens.
 *
 * @throws {Error} that names the variable, file or port, when it cannot
 */
export async function startConsole(options: StartConsoleOptions): Promise<RunningConsole> {
  const { settings, teamsDir, env, demo = false, clock = Date.now, failPoint } = options;
  const log = createLog(settings.logLevel);
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of opened.splice(0).reverse())
      await end().catch((error: unknown) => log.error({ err: error }, "A part of the console cannot end"));
  };
  try {
    useProxies(env);
    await ensureDataDir(settings.dataDir);
    await ensureDataDir(settings.consoleDataDir);
    const onMigrate = (done: number, total: number) =>
      log.info({ records: done, of: total }, "The trail is brought up to date");
    const trail = await openTrailAt(settings, { onMigrate });
    opened.push(() => trail.close());
    const { store, openKey } = await openConsoleStore(settings);
    opened.push(() => store.close());
    const policies = new PoliciesWatch({
      policies: options.policies,
      log,
      ...(teamsDir !== undefined && { teamsDir }),
    });
    policies.start();
    opened.push(() => policies.stop());
    const signingKey = await openKey();
    const { multimailApiUrl } = settings;
    const inForce = () => policies.inForce;
    const deciding = await openDeciding({
      ...{ multimailApiUrl, env, policies: inForce, trail, signingKey, clock, log, demo },
      ...(failPoint && { failPoint }),
    });
    opened.push(() => deciding.close());
    for (const [variable, teams] of deciding.oversight.missing(inForce()))
      log.warn({ variable, teams }, "Without this key nobody can decide here on these teams' email");
    // Its address is known only then: it may choose its port itself.
    let app: ReturnType<typeof createApp> | undefined;
    const listener = getRequestListener(
      (request, bindings) => app?.fetch(request, bindings) ?? new Response(null, { status: 503 }),
      { hostname: "localhost" },
    );
    const server = new HttpServer(listener, { variables: "HOST, CONSOLE_PORT" });
    const at = await server.listen({ host: settings.host, port: settings.consolePort });
    opened.push(() => server.close());
    const url = settings.consoleUrl.endsWith(":0") ? at : settings.consoleUrl;
    const notices = new Notices({
      ...{ trail, waiting: deciding.waiting, incoming: deciding.incoming, policies: inForce },
      ...{ env, consoleUrl: url, clock, log, allowLoopback: demo },
    });
    opened.push(() => notices.stop());
    const world: ConsoleWorld = {
      settings: { ...settings, consoleUrl: url },
      policies: inForce,
      ...{ trail, store, deciding, notices, signingKey, env, clock, log },
    };
    app = createApp(world);
    notices.start();
    log.info({ url, teams: world.policies().teams.size }, "The console serves");
    const link = (address: string) =>
      createSignInLink(address, { store, policies: world.policies(), consoleUrl: url, now: clock() });
    return { url, link, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Makes a sign-in link for a console that serves, or will: from its folder, on this machine. One person, once, ten minutes.
 *
 * @throws {Error} that says what is wanted
 */
export async function printSignInLink(
  address: string,
  { settings, policies }: Pick<StartConsoleOptions, "settings" | "policies">,
): Promise<string> {
  const { consoleAuth, consoleUrl } = settings;
  if (consoleAuth !== "link")
    throw new Error(
      'Cannot make a sign-in link: CONSOLE_AUTH is "oidc", so people sign in with their company account',
    );
  if (consoleUrl.endsWith(":0"))
    throw new Error(
      "Cannot make a sign-in link: CONSOLE_PORT is 0, so nobody knows where the console is; set CONSOLE_URL",
    );
  await ensureDataDir(settings.dataDir);
  await ensureDataDir(settings.consoleDataDir);
  const { store } = await openConsoleStore(settings);
  try {
    return await createSignInLink(address, { store, policies, consoleUrl, now: Date.now() });
  } finally {
    await store.close();
  }
}
