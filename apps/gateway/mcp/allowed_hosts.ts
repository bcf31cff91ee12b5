import { localhostAllowedHostnames } from "@modelcontextprotocol/server";

/** Where the gateway listens and how it is reached. */
export interface Reachable {
  readonly host: string;
  /** As people and Dust reach it: `https://mail.acme.example`. */
  readonly publicUrl: string;
  /** What else it is called, by a proxy in front of it for one. */
  readonly allowedHosts?: readonly string[];
}

/** Addresses that stand for "this machine only" or for "every interface": local programs reach both by a local name. */
const LOCAL = new Set(["localhost", "127.0.0.1", "::1", "0.0.0.0", "::"]);

/**
 * The names by which the gateway may be called, without ports. A page in somebody's browser that was pointed at this
 * machine (DNS rebinding) calls it by a name of its own, which is not among them.
 */
export function allowedHosts({ host, publicUrl, allowedHosts: others = [] }: Reachable): readonly string[] {
  const own = host.includes(":") ? `[${host}]` : host.toLowerCase();
  const local = LOCAL.has(host) ? localhostAllowedHostnames() : [];
  return [own, new URL(publicUrl).hostname, ...others, ...local];
}
