import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import {
  type Account,
  type AllowlistEntry,
  type Mailbox,
  type MultiMailClient,
  MultiMailError,
  type Webhook,
} from "@countersign/multimail";
import type { Access, KeyedClient } from "./access.ts";

/** What MultiMail says of one team's mailbox. */
export type LiveTeam =
  | { readonly kind: "seen"; readonly mailbox: Mailbox; readonly allowlist: readonly AllowlistEntry[] }
  | {
      readonly kind: "missing";
      /** The mailbox that has the declared address under another id. */
      readonly namesake?: Mailbox;
      readonly account?: Account;
    }
  /** It could not be read, and why. */
  | { readonly kind: "error"; readonly message: string };

/** What MultiMail says of everything that is declared. */
export interface Live {
  /** By team. */
  readonly teams: ReadonlyMap<string, LiveTeam>;
  /** Absent without an admin key. */
  readonly webhooks?: readonly Webhook[];
  readonly accounts: readonly Account[];
  /** What could not be read, beside teams. */
  readonly errors: readonly string[];
}

/** How many mailboxes are read together. */
const AT_ONCE = 8;

/** Reads from MultiMail all that policies declare, with the admin key or else with the teams' own. */
export async function readLive(policies: PolicySet, access: Access): Promise<Live> {
  const reader = new Reader(access);
  const teams = new Map<string, LiveTeam>();
  const read = async (policy: TeamPolicy) => teams.set(policy.team, await reader.read(policy));
  await inParallel(policies.teams.values(), read, { atOnce: AT_ONCE });
  const errors: string[] = [];
  const webhooks = await readWebhooks(access, errors);
  return { teams, accounts: await reader.accounts(), errors, ...(webhooks && { webhooks }) };
}

async function readWebhooks({ admin }: Access, errors: string[]): Promise<readonly Webhook[] | undefined> {
  try {
    return await admin?.client.listWebhooks();
  } catch (error) {
    errors.push(`${admin?.variable}: ${reasonOf(error)}`);
    return undefined;
  }
}

/** Reads mailboxes; what several teams share is asked for once. */
class Reader {
  readonly #access: Access;
  readonly #accounts = new Map<MultiMailClient, Promise<Account>>();
  readonly #lists = new Map<MultiMailClient, Promise<readonly Mailbox[]>>();

  constructor(access: Access) {
    this.#access = access;
  }

  async read(policy: TeamPolicy): Promise<LiveTeam> {
    const { apiKeyEnv } = policy.mailbox;
    const own = this.#access.serving.get(apiKeyEnv);
    const { client } = this.#access.admin ?? own ?? {};
    if (client === undefined) {
      return { kind: "error", message: `Set MULTIMAIL_ADMIN_KEY or ${apiKeyEnv} to look at its mailbox` };
    }
    try {
      await this.#checkAccount(own);
      return await this.#look(client, policy);
    } catch (error) {
      return { kind: "error", message: reasonOf(error) };
    }
  }

  /** Accounts that were asked for and answered. */
  async accounts(): Promise<readonly Account[]> {
    const settled = await Promise.allSettled(this.#accounts.values());
    return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }

  /** A key of another account sees other mailboxes: to the admin key, that team's would seem to be missing. */
  async #checkAccount(own: KeyedClient | undefined): Promise<void> {
    const { admin } = this.#access;
    if (admin === undefined || own === undefined) return;
    const [ours, theirs] = await Promise.all([this.#account(admin.client), this.#account(own.client)]);
    if (ours.id === theirs.id) return;
    throw new Error(
      `${own.variable} belongs to another account than ${admin.variable}: use that account's admin key for its teams`,
    );
  }

  async #look(client: MultiMailClient, { mailbox: { id, address } }: TeamPolicy): Promise<LiveTeam> {
    const mailboxes = await once(this.#lists, client, () => client.listMailboxes());
    const mailbox = mailboxes.find((candidate) => candidate.id === id) ?? (await find(client, id));
    if (mailbox !== undefined) {
      return { kind: "seen", mailbox, allowlist: await client.getAllowlist(id) };
    }
    const namesake = mailboxes.find((candidate) => candidate.address.toLowerCase() === address.toLowerCase());
    return { kind: "missing", account: await this.#account(client), ...(namesake && { namesake }) };
  }

  #account(client: MultiMailClient): Promise<Account> {
    return once(this.#accounts, client, () => client.getAccount());
  }
}

/** The mailbox by its id: a list may leave out what is not active. */
async function find(client: MultiMailClient, id: string): Promise<Mailbox | undefined> {
  try {
    return await client.getMailbox(id);
  } catch (error) {
    if (error instanceof MultiMailError && error.code === "not_found") return undefined;
    throw error;
  }
}

function once<K, T>(known: Map<K, Promise<T>>, key: K, ask: () => Promise<T>): Promise<T> {
  const asked = known.get(key) ?? ask();
  known.set(key, asked);
  return asked;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
