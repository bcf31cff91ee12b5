import {
  formatProblem,
  type PolicyProblem,
  type PolicySet,
  type TeamPolicy,
  whereOf,
} from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import { type MultiMailClient, MultiMailError, probeScopes } from "@countersign/multimail";
import type { Logger } from "pino";
import { Background } from "../background/background.ts";

/** How clients come about. */
export interface MultiMailClientsOptions {
  /** Looks up the API keys that policies name by variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Opens the client for a variable's key; throws when it cannot be a key. */
  readonly openClient: (name: string, apiKey: string) => MultiMailClient;
  /** Told of keys that MultiMail says nothing about for now, and of what it said of them later. */
  readonly log: Pick<Logger, "warn" | "error">;
}

/** When MultiMail is asked again about keys that it said nothing about. */
const ASK_AGAIN_MS = 30_000;

/** MultiMail, once for each key that a policy names by its variable. */
export class MultiMailClients {
  readonly #options: MultiMailClientsOptions;
  readonly #clients = new Map<string, MultiMailClient>();
  /** Why a key must not be served with, by its variable; undefined: it may. */
  readonly #judged = new Map<string, string | undefined>();
  /** What their keys are asked again for. */
  #unsure: PolicySet | undefined;
  readonly #askingAgain: Background;
  /** Variable of every mailbox that a policy in force had, by its id. */
  readonly #ofMailbox = new Map<string, string>();

  constructor(options: MultiMailClientsOptions) {
    this.#options = options;
    this.#askingAgain = new Background({
      pass: () => this.#checkAgain(),
      failure: "Cannot ask MultiMail again what keys may do",
      log: options.log,
    });
  }

  /**
   * Opens what these policies need and is not open yet. A variable without a usable key is a problem, at the first line
   * that needs it. What no policy names any more stays open: a call under way may be using it.
   */
  open({ teams }: PolicySet): readonly PolicyProblem[] {
    const problems = new Map<string, PolicyProblem>();
    for (const policy of teams.values()) {
      const name = policy.mailbox.apiKeyEnv;
      this.#ofMailbox.set(policy.mailbox.id, name);
      if (this.#clients.has(name) || problems.has(name)) continue;
      const message = this.#open(name);
      const path = "mailbox.api_key_env";
      if (message !== undefined) problems.set(name, { where: whereOf(policy, path), path, message });
    }
    return [...problems.values()];
  }

  /**
   * Asks MultiMail whether it takes the keys that these policies need, and whether one may do more than read and send: with
   * such a key, whoever gets into the gateway approves what it sends. A problem is at a line that needs the key. About a key
   * that MultiMail says nothing about for now it is asked again later: see `problems`.
   */
  async check(policies: PolicySet): Promise<readonly PolicyProblem[]> {
    const users = new Map([...policies.teams.values()].map((policy) => [policy.mailbox.apiKeyEnv, policy]));
    const unknown: string[] = [];
    await inParallel([...users], async ([name, policy]) => {
      if (this.#judged.has(name)) return;
      try {
        this.#judged.set(name, await judgeKey(this.clientFor(policy), name));
      } catch (error) {
        if (!(error instanceof MultiMailError)) throw error;
        unknown.push(name);
      }
    });
    if (unknown.length > 0) this.#askAgain(policies, unknown);
    const path = "mailbox.api_key_env";
    return [...users].flatMap(([name, policy]): PolicyProblem[] => {
      const message = this.#judged.get(name);
      return message === undefined ? [] : [{ where: whereOf(policy, path), path, message }];
    });
  }

  /** What is wrong with keys that serve already: of such as MultiMail said nothing about at first. */
  get problems(): readonly string[] {
    return [...this.#judged].flatMap(([name, message]) =>
      message !== undefined && this.#clients.has(name) ? [message] : [],
    );
  }

  #askAgain(policies: PolicySet, unknown: readonly string[]): void {
    const { log } = this.#options;
    log.warn({ variables: unknown }, "MultiMail does not say what these keys may do; it is asked again");
    this.#unsure = policies;
    this.#askingAgain.within(ASK_AGAIN_MS);
  }

  async #checkAgain(): Promise<void> {
    if (this.#unsure === undefined) return;
    for (const problem of await this.check(this.#unsure)) this.#options.log.error(formatProblem(problem));
  }

  /** MultiMail with the team's key; `open` has seen its policy. */
  clientFor({ mailbox }: TeamPolicy): MultiMailClient {
    const client = this.#clients.get(mailbox.apiKeyEnv);
    if (client === undefined) throw new Error(`Cannot find the API key: ${mailbox.apiKeyEnv} is not set`);
    return client;
  }

  /**
   * MultiMail for a mailbox whose team may be gone: with its last key, or, when this run never knew it, with each key
   * that there is.
   */
  clientsOf(mailboxId: string): readonly MultiMailClient[] {
    const known = this.#clients.get(this.#ofMailbox.get(mailboxId) ?? "");
    return known === undefined ? [...this.#clients.values()] : [known];
  }

  /** Waits for calls under way and closes every client. */
  async close(): Promise<void> {
    const ended = this.#askingAgain.stop();
    await Promise.all([ended, ...[...this.#clients.values()].map((client) => client.close())]);
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

/** @throws {MultiMailError} when MultiMail does not say */
async function judgeKey(client: MultiMailClient, name: string): Promise<string | undefined> {
  try {
    await client.getAccount();
  } catch (error) {
    if (!(error instanceof MultiMailError && error.code === "auth")) throw error;
    return `Set ${name} to a key that MultiMail knows: it answers 401 to this one`;
  }
  const scopes = [...(await probeScopes(client))];
  if (scopes.length === 0) return undefined;
  return `Set ${name} to a key with the scopes read and send only: this one has the scope ${scopes.join(" and ")}`;
}
