import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import type { Environment } from "@countersign/host";
import type { MultiMailClient } from "@countersign/multimail";

/** How clients come about. */
export interface OversightClientsOptions {
  /** Looks up keys by their variables. */
  readonly env: Environment;
  /** Opens the client for a key; throws when it cannot be a key. */
  readonly openClient: (apiKey: string) => MultiMailClient;
}

/** MultiMail with the keys that may decide, once for each variable. Only the console has them. */
export class OversightClients {
  readonly #options: OversightClientsOptions;
  readonly #clients = new Map<string, MultiMailClient>();

  constructor(options: OversightClientsOptions) {
    this.#options = options;
  }

  /** MultiMail with the key that may decide on the team's email; undefined: there is none, see `missing`. */
  clientFor({ mailbox }: Pick<TeamPolicy, "mailbox">): MultiMailClient | undefined {
    const variable = oversightVariable(mailbox.apiKeyEnv);
    const known = this.#clients.get(variable);
    const apiKey = this.#options.env[variable];
    if (known !== undefined || !apiKey) return known;
    try {
      const client = this.#options.openClient(apiKey);
      this.#clients.set(variable, client);
      return client;
    } catch {
      return undefined;
    }
  }

  /**
   * The same for what is about to be asked.
   *
   * @throws {Error} that names the variable
   */
  sureClientFor(policy: Pick<TeamPolicy, "mailbox">): MultiMailClient {
    const client = this.clientFor(policy);
    if (client !== undefined) return client;
    throw new Error(
      `Set ${oversightVariable(policy.mailbox.apiKeyEnv)} to an API key of MultiMail with the scopes oversight and read`,
    );
  }

  /** Variables that hold no usable key, and the teams whose email nobody can decide on here therefore. */
  missing({ teams }: PolicySet): ReadonlyMap<string, readonly string[]> {
    const missing = new Map<string, string[]>();
    for (const policy of teams.values()) {
      if (this.clientFor(policy) !== undefined) continue;
      const variable = oversightVariable(policy.mailbox.apiKeyEnv);
      missing.set(variable, [...(missing.get(variable) ?? []), policy.team]);
    }
    return missing;
  }

  /** Waits for calls under way and closes every client. */
  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }
}

/** The variable with the key that decides, beside the one that sends: `MULTIMAIL_API_KEY_X` → `MULTIMAIL_OVERSIGHT_KEY_X`. */
export function oversightVariable(apiKeyEnv: string): string {
  return apiKeyEnv.replace(/^MULTIMAIL_API_KEY/, "MULTIMAIL_OVERSIGHT_KEY");
}
