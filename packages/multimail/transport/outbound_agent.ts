import { Agent, type Dispatcher, EnvHttpProxyAgent, setGlobalDispatcher } from "undici";

/** How an agent connects. */
export interface OutboundAgentOptions {
  /** How many connections to one host at most. @default undici's: no bound */
  readonly connections?: number;
  /** For connecting, in milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
}

/** What undici reads, in its order: the first that is set counts. */
const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"] as const;

/** This machine is never reached through a proxy: the sandbox is here. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** Whether the environment names a proxy. */
function namesProxy(env: Readonly<Record<string, string | undefined>>): boolean {
  return PROXY_VARIABLES.some((name) => env[name]);
}

/**
 * Carries requests to other machines: through the proxy that `HTTPS_PROXY` and `HTTP_PROXY` name, except to the hosts in
 * `NO_PROXY` and to this machine.
 *
 * @throws {Error} that names the variable, and not its value, which may hold a password
 */
export function outboundAgent(
  env: Readonly<Record<string, string | undefined>>,
  { connections, timeoutMs = 10_000 }: OutboundAgentOptions = {},
): Dispatcher {
  const options = { ...(connections !== undefined && { connections }), connect: { timeout: timeoutMs } };
  if (!namesProxy(env)) return new Agent(options);
  for (const name of PROXY_VARIABLES) {
    const text = env[name];
    if (text && !(URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)))
      throw new Error(`${name} must be an address such as "http://proxy.acme.example:3128"`);
  }
  const noProxy = [...LOOPBACK, env.no_proxy ?? env.NO_PROXY ?? ""].join(",");
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY ?? "";
  const httpsProxy = env.https_proxy ?? env.HTTPS_PROXY ?? "";
  return new EnvHttpProxyAgent({ ...options, noProxy, httpProxy, httpsProxy });
}

/**
 * Lets this process' `fetch` go the same way: checkpoints, witnesses, `doctor`. Does nothing when no proxy is named.
 *
 * @throws {Error} as {@linkcode outboundAgent}
 */
export function useProxies(env: Readonly<Record<string, string | undefined>>): void {
  if (namesProxy(env)) setGlobalDispatcher(outboundAgent(env));
}
