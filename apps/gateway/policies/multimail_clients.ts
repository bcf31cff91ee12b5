import { type PolicyProblem, type PolicySet, type TeamPolicy, whereOf } from "@countersign/core/policy";
import type { MultiMailClient } from "@countersign/multimail";

/** How clients come about. */
export interface MultiMailClientsOptions {
  /** Looks up the API keys that policies name by variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Opens the client for a variable's key; throws when it cannot be a key. */
  readonly openClient: (name: string, apiKey: string) => MultiMailClient;
}

/** MultiMail, once for each key that a policy names by its variable. */
export class MultiMailClients {
  readonly #options: MultiMailClientsOptions;
  readonly #clients = new Map<string, MultiMailClient>();

  constructor(options: MultiMailClientsOptions) {
    this.#options = options;
  }

  /**
   * Opens what these policies need and is not open yet. A variable without a usable key is a problem, at the first line
   * that needs it. What no policy names any more stays open: a call under way may be using it.
   */
  open({ teams }: PolicySet): readonly PolicyProblem[] {
    const problems = new Map<string, PolicyProblem>();
    for (const policy of teams.values()) {
      const name = policy.mailbox.apiKeyEnv;
      if (this.#clients.has(name) || problems.has(name)) continue;
      const message = this.#open(name);
      const path = "mailbox.api_key_env";
      if (message !== undefined) problems.set(name, { where: whereOf(policy, path), path, message });
    }
    return [...problems.values()];
  }

  /** MultiMail with the team's key; `open` has seen its policy. */
  clientFor({ mailbox }: TeamPolicy): MultiMailClient {
    const client = this.#clients.get(mailbox.apiKeyEnv);
    if (client === undefined) throw new Error(`Cannot find the API key: ${mailbox.apiKeyEnv} is not set`);
    return client;
  }

  /** Waits for calls under way and closes every client. */
  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }

  /** Says what is wrong, if anything is. */
  #open(name: string): string | undefined {
    const { env, openClient } = this.#options;
    const apiKey = env[name];
    if (!apiKey) return `Set ${name} to an API key of MultiMail with the scopes read and send`;
    try {
      this.#clients.set(name, openClient(name, apiKey));
      return undefined;
    } catch {
      return `Set ${name} to an API key of MultiMail: what it holds cannot be one`;
    }
  }
}
