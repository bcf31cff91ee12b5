import type { NotifyChannel } from "@countersign/core/policy";
import { type Environment, hasStrayEdges } from "./parse_env.ts";

/** Where a channel's notices are posted to. Both are secrets: whoever has the URL can post, too. */
export interface NotifyTarget {
  readonly url: string;
  /** For a webhook: `whsec_` and 24 to 64 bytes as base64. */
  readonly secret?: string;
}

/** Where a channel's notices are posted to, or what is wrong with its variables, without what is in them. */
export type NotifyTargetResult =
  | { readonly ok: true; readonly target: NotifyTarget }
  | { readonly ok: false; readonly problem: string };

/** How a channel's variables are read. */
export interface NotifyTargetOptions {
  /** Whether `http` may be used to this machine: for tests and the demo, where nothing else listens. @default false */
  readonly allowLoopback?: boolean;
}

/** Reads the variables that a channel names. */
export function notifyTarget(
  channel: Exclude<NotifyChannel, { readonly kind: "email" }>,
  env: Environment,
  { allowLoopback = false }: NotifyTargetOptions = {},
): NotifyTargetResult {
  const { urlEnv } = channel;
  const url = env[urlEnv];
  if (!url) return problem(`${urlEnv} is not set`);
  if (!isTarget(url, allowLoopback))
    return problem(`${urlEnv} must be an https address without blanks, quotes or a password`);
  if (channel.kind !== "webhook") return { ok: true, target: { url } };
  const secret = env[channel.secretEnv];
  if (!secret) return problem(`${channel.secretEnv} is not set`);
  if (!isSecret(secret))
    return problem(
      `${channel.secretEnv} must be "whsec_" and 24 to 64 bytes as base64: echo "whsec_$(openssl rand -base64 32)"`,
    );
  return { ok: true, target: { url, secret } };
}

function problem(text: string): NotifyTargetResult {
  return { ok: false, problem: text };
}

function isTarget(text: string, allowLoopback: boolean): boolean {
  if (hasStrayEdges(text) || !/^[!-~]{1,2000}$/.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password, hash, hostname } = new URL(text);
  if (username + password + hash !== "") return false;
  return (
    protocol === "https:" ||
    (allowLoopback && protocol === "http:" && /^(127\.0\.0\.1|localhost)$/.test(hostname))
  );
}

function isSecret(text: string): boolean {
  const [, base64 = ""] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(base64, "base64");
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString("base64") === base64;
}
