import {
  formatProblem,
  type PolicyProblem,
  type PolicySet,
  type TeamPolicy,
  whereOf,
} from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import { Background } from "@countersign/lifecycle";
import { type MultiMailClient, MultiMailError, probeScopes } from "@countersign/multimail";
import type { Logger } from "pino";

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
  /** Why a key must not be served with, by its variable; undefined: it may. As MultiMail last said. */
  readonly #judged = new Map<string, string | undefined>();
  /** Of which keys MultiMail is asked again, and where they are needed, by their variables. */
  readonly #unsure = new Map<string, TeamPolicy>();
  readonly #askingAgain: Background;
  /** Variable of every mailbox that a policy in force had, by its id. */
  readonly #ofMailbox = new Map<string, string>();

  constructor(options: MultiMailClientsOptions) {
    this.#options = options;
    this.#askingAgain = new Background({
      pass: () => this.#askAgain(),
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
   * that MultiMail says nothing about for now it is asked again later: see `problemsOf`.
   *
   * @param options.inForce policies that serve: keys of theirs that MultiMail took are not asked about again
   */
  async check(
    policies: PolicySet,
    { inForce }: { readonly inForce?: PolicySet } = {},
  ): Promise<readonly PolicyProblem[]> {
    const users = usersOf(policies);
    const serving = inForce === undefined ? undefined : usersOf(inForce);
    const unknown = await this.#judge(
      [...users].filter(([name]) => !(serving?.has(name) && this.#isFine(name))),
    );
    for (const [name, policy] of unknown) this.#unsure.set(name, policy);
    if (unknown.length > 0) {
      const variables = unknown.map(([name]) => name);
      this.#options.log.warn(
        { variables },
        "MultiMail does not say what these keys may do; it is asked again",
      );
      this.#askingAgain.within(ASK_AGAIN_MS);
    }
    return this.#problemsAt(users);
  }

  /** What is wrong with keys of policies that serve already: of such as MultiMail said nothing about at first. */
  problemsOf(inForce: PolicySet): readonly string[] {
    return [...usersOf(inForce).keys()].flatMap((name) => this.#judged.get(name) ?? []);
  }

  /** Asks MultiMail about these keys; those that it said nothing about, of which holds what it said before. */
  async #judge(users: readonly KeyUser[]): Promise<readonly KeyUser[]> {
    const unknown: KeyUser[] = [];
    await inParallel(users, async ([name, policy]) => {
      try {
        this.#judged.set(name, await judgeKey(this.clientFor(policy), name));
        this.#unsure.delete(name);
      } catch (error) {
        if (!(error instanceof MultiMailError)) throw error;
        unknown.push([name, policy]);
      }
    });
    return unknown;
  }

  #isFine(name: string): boolean {
    return this.#judged.has(name) && this.#judged.get(name) === undefined;
  }

  #problemsAt(users: Iterable<KeyUser>): readonly PolicyProblem[] {
    const path = "mailbox.api_key_env";
    return [...users].flatMap(([name, policy]): PolicyProblem[] => {
      const message = this.#judged.get(name);
      return message === undefined ? [] : [{ where: whereOf(policy, path), path, message }];
    });
  }

  async #askAgain(): Promise<void> {
    const asked = [...this.#unsure];
    const unknown = await this.#judge(asked);
    for (const problem of this.#problemsAt(asked)) this.#options.log.error(formatProblem(problem));
    if (unknown.length > 0) this.#askingAgain.within(ASK_AGAIN_MS);
  }

  /** MultiMail with the team's key; `open` has seen its policy. */
  clientFor({ mailbox }: TeamPolicy): MultiMailClient {
    const client = this.#clients.get(mailbox.apiKeyEnv);
    if (client === undefined) throw new Error(`Cannot find the API key: ${mailbox.apiKeyEnv} is not set`);
    return client;
  }

  /**
   * MultiMail with the key of a variable that no team need have, such as that of notices; a sentence: why there is none. MultiMail
   * is asked once what the key may do.
   *
   * @throws {MultiMailError} when it does not say
   */
  async clientOf(name: string): Promise<MultiMailClient | string> {
    const problem = this.#clients.has(name) ? undefined : this.#open(name);
    const client = this.#clients.get(name);
    if (client === undefined) return problem ?? `Set ${name} to an API key of MultiMail`;
    if (!this.#judged.has(name)) this.#judged.set(name, await judgeKey(client, name));
    return this.#judged.get(name) ?? client;
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

/** A key by its variable, and a policy that needs it. */
type KeyUser = readonly [string, TeamPolicy];

const users = new WeakMap<PolicySet, ReadonlyMap<string, TeamPolicy>>();

/** Policies are immutable: they are looked through once, and not at each probe. */
function usersOf(policies: PolicySet): ReadonlyMap<string, TeamPolicy> {
  const known = users.get(policies);
  if (known !== undefined) return known;
  const found = new Map<string, TeamPolicy>();
  for (const policy of policies.teams.values()) found.set(policy.mailbox.apiKeyEnv, policy);
  users.set(policies, found);
  return found;
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
