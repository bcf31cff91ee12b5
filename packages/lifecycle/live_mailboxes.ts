import { parseAddressPattern } from "@countersign/core/address";
import type { LiveMailbox } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import type { Mailbox, MultiMailClient } from "@countersign/multimail";
import type { Logger } from "pino";
import { Background } from "./background.ts";

/** How often the background looks, unless told otherwise. */
const REFRESH_MS = 20_000;

/** A mailbox that was sent from in this time is in use. */
const IN_USE_MS = 5 * 60_000;

/** How long a call waits at most for a look, when what is known is not fresh. */
const MAX_WAIT_MS = 3_000;

/** How many things are looked at together. */
const AT_ONCE = 8;

/** How many allowlists that nobody uses are looked at again in one go: thousands of idle mailboxes cost little. */
const MAX_IDLE = 200;

/** How many allowlists a start waits for; thousands of them take a minute. */
const MAX_FIRST = 200;

/** What live mailboxes are read with. */
export interface LiveMailboxesOptions {
  readonly clientFor: (policy: TeamPolicy) => MultiMailClient;
  readonly clock: () => number;
  readonly log: Logger;
  /** How often the background looks, in milliseconds; default 20,000. What is three times as old is not fresh. */
  readonly refreshMs?: number;
  /** Told of a team's mailbox whenever it was looked at. */
  readonly onSeen?: (policy: TeamPolicy, live: LiveMailbox) => void;
}

interface RefreshOptions {
  readonly signal?: AbortSignal;
  /** How many allowlists are looked at. Default: all that are stale. */
  readonly atMost?: number;
}

/** What one key of MultiMail shows of its whole account. */
interface AccountView {
  readonly seenAt: number;
  readonly mailboxes: ReadonlyMap<string, Mailbox>;
  readonly sendingDisabled: boolean | undefined;
  /** What the account is called; undefined: never seen. */
  readonly names: readonly string[] | undefined;
  /** When the account's own settings were seen. */
  readonly settingsSeenAt: number;
}

interface AllowlistView {
  readonly seenAt: number;
  readonly allowlist: LiveMailbox["allowlist"];
}

/**
 * What MultiMail last said of each team's mailbox. The background asks once for all mailboxes of a key, and for the
 * allowlists of those in use; for others' now and then. A call waits for a look only when what is known is not fresh.
 */
export class LiveMailboxes {
  readonly #options: LiveMailboxesOptions;
  readonly #refreshMs: number;
  readonly #accounts = new WeakMap<MultiMailClient, AccountView>();
  readonly #lookingAtAccount = new Map<MultiMailClient, Promise<void>>();
  /** By mailbox id, as the next two. */
  readonly #allowlists = new Map<string, AllowlistView>();
  readonly #lookingAtAllowlist = new Map<string, Promise<void>>();
  readonly #usedAt = new Map<string, number>();
  readonly #background: Background;
  #policies: (() => PolicySet) | undefined;
  /** Whether the first look left mailboxes for the background. */
  #isLookLeft = false;

  constructor(options: LiveMailboxesOptions) {
    this.#options = options;
    this.#refreshMs = options.refreshMs ?? REFRESH_MS;
    this.#background = new Background({
      pass: async (signal) => this.#policies && this.refresh(this.#policies(), signal),
      nextMs: () => this.#nextDelay(),
      failure: "Cannot look at the mailboxes",
      log: options.log,
    });
  }

  /** Looks at the mailboxes of the policies in force again and again. */
  start(policies: () => PolicySet): void {
    this.#policies = policies;
    this.#background.within(this.#isLookLeft ? 0 : this.#nextDelay());
  }

  /** Begins no other look; resolves when those of the background are over. */
  stop(): Promise<void> {
    return this.#background.stop();
  }

  /** The mailbox to judge an email by; waits for a look when what is known is not fresh. Undefined: nothing is. */
  async get(policy: TeamPolicy): Promise<LiveMailbox | undefined> {
    const { clock } = this.#options;
    this.#usedAt.set(policy.mailbox.id, clock());
    const known = this.peek(policy);
    if (known !== undefined && clock() - known.seenAt <= 3 * this.#refreshMs) return known;
    await atMost(MAX_WAIT_MS, this.#look(policy));
    return this.peek(policy);
  }

  /** The mailbox as last seen, without looking. While nobody uses it, its allowlist may be older than `seenAt` says. */
  peek(policy: TeamPolicy): LiveMailbox | undefined {
    const { id } = policy.mailbox;
    const account = this.#accounts.get(this.#options.clientFor(policy));
    const mailbox = account?.mailboxes.get(id);
    const allowlist = this.#allowlists.get(id);
    if (account === undefined || mailbox === undefined || allowlist === undefined) return undefined;
    const { address, autoCc, autoBcc, forwardInbound } = mailbox;
    const { sendingDisabled } = account;
    return {
      oversight: mailbox.oversightMode ?? "unknown",
      allowlist: allowlist.allowlist,
      active: mailbox.isActive ?? true,
      seenAt: this.#isInUse(id) ? Math.min(account.seenAt, allowlist.seenAt) : account.seenAt,
      address,
      ...(autoCc && { autoCc }),
      ...(autoBcc && { autoBcc }),
      ...(forwardInbound !== undefined && { forwardsInbound: forwardInbound }),
      ...(sendingDisabled !== undefined && { sendingDisabled }),
    };
  }

  /** The mailbox with the mode and copies that it had at `time` (epoch milliseconds) or later, if MultiMail shows it. */
  async seenSince(policy: TeamPolicy, time: number): Promise<LiveMailbox | undefined> {
    const client = this.#options.clientFor(policy);
    const isOld = () => (this.#accounts.get(client)?.seenAt ?? Number.NEGATIVE_INFINITY) < time;
    // A look that is under way may have begun before.
    for (let look = 0; look < 2 && isOld(); look++) await this.#lookAtAccount(client);
    if (isOld()) return undefined;
    this.#tell(policy);
    return this.peek(policy);
  }

  /** What MultiMail calls the account of the team's key: id, name, slug and oversight address; empty: it did not say. */
  async accountNames(policy: TeamPolicy): Promise<readonly string[]> {
    const client = this.#options.clientFor(policy);
    const names = () => this.#accounts.get(client)?.names;
    if (names() === undefined) await this.#lookAtAccount(client);
    return names() ?? [];
  }

  /**
   * Looks at the mailboxes of these policies as far as somebody may wait for it: at all accounts, and at the first
   * allowlists. The background sees to the others at once, and a call to its own. Nobody is told of what was seen before
   * `mayTell` resolves. Rejects only when that does.
   */
  async firstLook(policies: PolicySet, mayTell: Promise<void> = Promise.resolve()): Promise<void> {
    this.#isLookLeft = policies.teams.size > MAX_FIRST;
    await Promise.all([this.#refresh(policies, { atMost: MAX_FIRST }), mayTell]);
    for (const policy of policies.teams.values()) this.#tell(policy);
  }

  /**
   * Looks at the mailboxes of these policies, until the signal is aborted. Never rejects: failures are logged and leave
   * what was known.
   */
  async refresh(policies: PolicySet, signal?: AbortSignal): Promise<void> {
    await this.#refresh(policies, { ...(signal && { signal }) });
    for (const policy of policies.teams.values()) this.#tell(policy);
  }

  async #refresh({ teams }: PolicySet, { atMost, signal }: RefreshOptions): Promise<void> {
    const policies = [...teams.values()];
    const clients = new Set(policies.map((policy) => this.#options.clientFor(policy)));
    const together = { atOnce: AT_ONCE, isOver: () => signal?.aborted === true };
    await inParallel(clients, (client) => this.#lookAtAccount(client), together);
    const stale = this.#staleAllowlists(policies).slice(0, atMost);
    await inParallel(stale, (policy) => this.#lookAtAllowlist(policy), together);
  }

  /** Policies whose allowlist is to be looked at: those in use or never seen, and some of the others, oldest first. */
  #staleAllowlists(policies: readonly TeamPolicy[]): readonly TeamPolicy[] {
    const now = this.#options.clock();
    const seenAt = ({ mailbox }: TeamPolicy) => this.#allowlists.get(mailbox.id)?.seenAt ?? 0;
    const old = policies.filter((policy) => now - seenAt(policy) > this.#refreshMs / 2);
    const isIdle = (policy: TeamPolicy) => seenAt(policy) > 0 && !this.#isInUse(policy.mailbox.id);
    const idle = old
      .filter((policy) => isIdle(policy) && now - seenAt(policy) > 6 * this.#refreshMs)
      .sort((a, b) => seenAt(a) - seenAt(b));
    return [...old.filter((policy) => !isIdle(policy)), ...idle.slice(0, MAX_IDLE)];
  }

  /** Gateways that start together do not go on asking together. */
  #nextDelay(): number {
    return this.#refreshMs * (0.9 + Math.random() * 0.2);
  }

  #isInUse(id: string): boolean {
    return this.#options.clock() - (this.#usedAt.get(id) ?? Number.NEGATIVE_INFINITY) < IN_USE_MS;
  }

  async #look(policy: TeamPolicy): Promise<void> {
    const { clock, clientFor } = this.#options;
    const client = clientFor(policy);
    const isOld = (view: { readonly seenAt: number } | undefined) =>
      view === undefined || clock() - view.seenAt > this.#refreshMs;
    await Promise.all([
      isOld(this.#accounts.get(client)) && this.#lookAtAccount(client),
      isOld(this.#allowlists.get(policy.mailbox.id)) && this.#lookAtAllowlist(policy),
    ]);
    this.#tell(policy);
  }

  #lookAtAccount(client: MultiMailClient): Promise<void> {
    return once(this.#lookingAtAccount, client, async () => {
      try {
        this.#accounts.set(client, await this.#readAccount(client));
      } catch (error) {
        this.#options.log.warn({ err: error }, "Cannot read the mailboxes at MultiMail");
      }
    });
  }

  #lookAtAllowlist(policy: TeamPolicy): Promise<void> {
    const { id } = policy.mailbox;
    return once(this.#lookingAtAllowlist, id, async () => {
      const { clientFor, clock, log } = this.#options;
      // Taken before asking: what was true then may have changed by the time of the answer.
      const seenAt = clock();
      try {
        const entries = await clientFor(policy).getAllowlist(id);
        const allowlist = entries.map(({ pattern }) => {
          const parsed = parseAddressPattern(pattern);
          return parsed.ok ? parsed.pattern : pattern;
        });
        this.#allowlists.set(id, { seenAt, allowlist });
      } catch (error) {
        log.warn({ team: policy.team, err: error }, "Cannot read the mailbox's allowlist at MultiMail");
      }
    });
  }

  async #readAccount(client: MultiMailClient): Promise<AccountView> {
    const seenAt = this.#options.clock();
    const known = this.#accounts.get(client);
    const isFresh = known !== undefined && seenAt - known.settingsSeenAt <= 2 * this.#refreshMs;
    const [mailboxes, settings] = await Promise.all([
      client.listMailboxes(),
      isFresh ? undefined : this.#readSettings(client),
    ]);
    return {
      seenAt,
      mailboxes: new Map(mailboxes.map((mailbox) => [mailbox.id, mailbox])),
      sendingDisabled: settings === undefined ? known?.sendingDisabled : settings.sendingDisabled,
      names: settings === undefined ? known?.names : settings.names,
      settingsSeenAt: settings === undefined ? (known?.settingsSeenAt ?? 0) : seenAt,
    };
  }

  /** What they say of sending only tells early what MultiMail itself would refuse, so that failing to read them changes nothing. */
  async #readSettings(
    client: MultiMailClient,
  ): Promise<Pick<AccountView, "sendingDisabled" | "names"> | undefined> {
    try {
      const { sendingDisabled, id, name, slug, oversightEmail } = await client.getAccount();
      const names = [id, name, slug, oversightEmail].filter((one) => one !== undefined);
      return { sendingDisabled, names };
    } catch (error) {
      this.#options.log.warn({ err: error }, "Cannot read the account at MultiMail");
      return undefined;
    }
  }

  #tell(policy: TeamPolicy): void {
    const live = this.peek(policy);
    if (live !== undefined) this.#options.onSeen?.(policy, live);
  }
}

/** Starts `work` unless it runs for this key already. */
function once<K>(running: Map<K, Promise<void>>, key: K, work: () => Promise<void>): Promise<void> {
  const known = running.get(key);
  if (known !== undefined) return known;
  const run = work().finally(() => running.delete(key));
  running.set(key, run);
  return run;
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
