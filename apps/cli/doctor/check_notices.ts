import { type NotifyChannel, type NotifyMailbox, type PolicySet, suggest } from "@countersign/core/policy";
import {
  type Environment,
  isLoopback,
  loadTeams,
  type NotifyTargetOptions,
  notifyTarget,
  parseEnv,
} from "@countersign/host";
import { MultiMailClient, MultiMailError } from "@countersign/multimail";
import type { Diagnosis } from "../plan/diagnosis.ts";

const WHAT = "notices";

/** For one request, in milliseconds. */
const TIMEOUT_MS = 5_000;

/**
 * People can be told that email waits: variables of channels hold what they must, something answers there, and mailboxes of
 * notices hold nothing back. Nothing is posted or sent.
 */
export async function checkNotices(
  env: Environment,
  options: NotifyTargetOptions = {},
): Promise<readonly Diagnosis[]> {
  const { teamsDir, multimailApiUrl: baseUrl } = parseEnv(env, ["teamsDir", "multimailApiUrl"]);
  const loaded = await loadTeams(teamsDir);
  if (!loaded.ok) return [];
  const channels = [...(loaded.policies.organisation?.channels ?? [])];
  const found = await Promise.all(
    channels.map(([name, channel]) =>
      channel.kind === "email"
        ? checkMailbox(name, channel.mailbox, { env, baseUrl })
        : checkChannel(name, channel, { env, ...options }),
    ),
  );
  return [...found, ...mistyped(channels, env), ...checkLink(loaded.policies, env)];
}

async function checkChannel(
  name: string,
  channel: Exclude<NotifyChannel, { readonly kind: "email" }>,
  { env, ...options }: NotifyTargetOptions & { readonly env: Environment },
): Promise<Diagnosis> {
  const opened = notifyTarget(channel, env, options);
  if (!opened.ok)
    return problem(`Nobody is told by ${name}: ${opened.problem}`, "Set it where the console is started");
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    // Whatever it answers: what it makes of a notice shows only when there is one.
    const response = await fetch(opened.target.url, { method: "HEAD", redirect: "manual", signal });
    await response.body?.cancel();
    return { what: WHAT, level: "ok", message: `${name} (${channel.kind}) answers` };
  } catch {
    const todo = `Correct ${channel.urlEnv}, or the way there (HTTPS_PROXY)`;
    return problem(`${name} (${channel.kind}) does not answer`, todo);
  }
}

async function checkMailbox(
  name: string,
  { id, address, apiKeyEnv }: NotifyMailbox,
  { env, baseUrl }: { readonly env: Environment; readonly baseUrl: string },
): Promise<Diagnosis> {
  const apiKey = env[apiKeyEnv];
  const todo = `Set ${apiKeyEnv} where the gateway is started to a MultiMail key with the scopes read and send`;
  if (!apiKey) return problem(`Nobody is told by ${name}: ${apiKeyEnv} is not set`, todo);
  let client: MultiMailClient | undefined;
  try {
    client = new MultiMailClient({ baseUrl, apiKey, timeoutMs: TIMEOUT_MS });
    const live = await client.getMailbox(id);
    if (live.address.toLowerCase() !== address.toLowerCase())
      return problem(
        `The mailbox ${id} of ${name} has another address at MultiMail than ${address}`,
        "Correct it in _organisation.yaml",
      );
    if (live.isActive === false)
      return problem(`The mailbox ${address} of ${name} is not active`, "Activate it at MultiMail");
    const mode = live.oversightMode ?? "unknown";
    if (mode !== "monitored" && mode !== "autonomous")
      return problem(
        `The mailbox ${address} of ${name} is "${mode}" at MultiMail: it would hold the notices themselves`,
        'Make it "monitored" or "autonomous", or name another one',
      );
    return { what: WHAT, level: "ok", message: `${name} (email) sends from ${address}, which is ${mode}` };
  } catch (error) {
    const why = error instanceof MultiMailError ? error.message : `what ${apiKeyEnv} holds cannot be a key`;
    return problem(`The mailbox ${address} of ${name} cannot be looked at: ${why}`, todo);
  } finally {
    await client?.close();
  }
}

/** Variables that look as if they were for a channel, and that none names. */
function mistyped(
  channels: readonly (readonly [string, NotifyChannel])[],
  env: Environment,
): readonly Diagnosis[] {
  const named = channels.flatMap(([, channel]) =>
    channel.kind === "email"
      ? []
      : [channel.urlEnv, ...(channel.kind === "webhook" ? [channel.secretEnv] : [])],
  );
  return Object.keys(env)
    .filter((name) => name.startsWith("NOTIFY_") && env[name] && !named.includes(name))
    .flatMap((name): readonly Diagnosis[] => {
      const meant = suggest(name, named);
      if (meant === undefined) return [];
      const todo = `Did you mean ${meant}?`;
      return [{ what: WHAT, level: "warning", message: `${name} is read by nothing`, todo }];
    });
}

/** A link in a notice must lead people somewhere. */
function checkLink({ teams }: PolicySet, env: Environment): readonly Diagnosis[] {
  if ([...teams.values()].every(({ notify }) => notify === undefined)) return [];
  const { consoleUrl } = parseEnv(env, ["consoleUrl"]);
  if (!isLoopback(new URL(consoleUrl).hostname)) return [];
  return [
    {
      what: WHAT,
      level: "warning",
      message: `Links in notices lead to ${consoleUrl}, which is for this machine only`,
      todo: "Set CONSOLE_URL to how people reach the console",
    },
  ];
}

function problem(message: string, todo: string): Diagnosis {
  return { what: WHAT, level: "problem", message, todo };
}
