import type { PolicySet } from "@countersign/core/policy";
import type { Settings } from "@countersign/host";
import { MultiMailClient } from "@countersign/multimail";

/** The environment that tells where MultiMail is, and with which keys. */
export interface AccessOptions {
  readonly settings: Pick<Settings, "multimailApiUrl" | "multimailAdminKey" | "multimailOversightKey">;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For one whole call, in milliseconds; default: the client's. */
  readonly timeoutMs?: number;
}

/** A key, and MultiMail with it. */
export interface KeyedClient {
  /** `MULTIMAIL_API_KEY` */
  readonly variable: string;
  readonly key: string;
  readonly client: MultiMailClient;
}

/** MultiMail with every key that there is. */
export interface Access {
  readonly admin: KeyedClient | undefined;
  readonly oversight: KeyedClient | undefined;
  /** By variable; those that policies name and the environment holds. */
  readonly serving: ReadonlyMap<string, KeyedClient>;
  close(): Promise<void>;
}

/** Opens MultiMail with every key that the policies and the settings name. Nothing is asked yet. */
export function openAccess(policies: PolicySet, { settings, env, timeoutMs }: AccessOptions): Access {
  const opened: KeyedClient[] = [];
  const open = (variable: string, key: string | undefined): KeyedClient | undefined => {
    if (!key) return undefined;
    const client = new MultiMailClient({
      baseUrl: settings.multimailApiUrl,
      apiKey: key,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    const keyed = { variable, key, client };
    opened.push(keyed);
    return keyed;
  };
  const variables = new Set([...policies.teams.values()].map(({ mailbox }) => mailbox.apiKeyEnv));
  const serving = [...variables].sort().flatMap((variable) => open(variable, env[variable]) ?? []);
  return {
    admin: open("MULTIMAIL_ADMIN_KEY", settings.multimailAdminKey),
    oversight: open("MULTIMAIL_OVERSIGHT_KEY", settings.multimailOversightKey),
    serving: new Map(serving.map((keyed) => [keyed.variable, keyed])),
    close: async () => {
      await Promise.all(opened.map(({ client }) => client.close()));
    },
  };
}
