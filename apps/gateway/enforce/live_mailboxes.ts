import { parseAddressPattern } from "@countersign/core/address";
import type { LiveMailbox } from "@countersign/core/decision";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import type { MultiMailClient } from "@countersign/multimail";
import type { Logger } from "pino";

/** Older knowledge is refreshed in the background. */
const FRESH_MS = 30_000;

/** Older knowledge is not enough to send by: the call waits for a new look. */
const USABLE_MS = 5 * 60_000;

/** How many mailboxes are looked at together. */
const PARALLEL = 8;

/** What live mailboxes are read with. */
export interface LiveMailboxesOptions {
  readonly clientFor: (policy: TeamPolicy) => MultiMailClient;
  readonly clock: () => number;
  readonly log: Logger;
}

/** What MultiMail last said of each team's mailbox. Never looks on a request's path while the knowledge is fresh. */
export class LiveMailboxes {
  readonly #options: LiveMailboxesOptions;
  readonly #known = new Map<string, LiveMailbox>();
  readonly #looking = new Map<string, Promise<void>>();

  constructor(options: LiveMailboxesOptions) {
    this.#options = options;
  }

  /** The mailbox as last seen; waits for a look only when nothing usable is known. Undefined: it could not be seen. */
  async get(policy: TeamPolicy): Promise<LiveMailbox | undefined> {
    const { id } = policy.mailbox;
    const age = this.#options.clock() - (this.#known.get(id)?.seenAt ?? Number.NEGATIVE_INFINITY);
    if (age > FRESH_MS) {
      const look = this.#look(policy);
      if (age > USABLE_MS) await look;
    }
    return this.#known.get(id);
  }

  /** The mailbox as last seen, without looking. */
  peek(policy: TeamPolicy): LiveMailbox | undefined {
    return this.#known.get(policy.mailbox.id);
  }

  /** Looks at every team's mailbox that is not fresh. Failures are logged and leave what was known. */
  async refresh(policies: PolicySet): Promise<void> {
    const now = this.#options.clock();
    const stale = [...policies.teams.values()].filter(
      ({ mailbox }) => now - (this.#known.get(mailbox.id)?.seenAt ?? Number.NEGATIVE_INFINITY) > FRESH_MS / 2,
    );
    const next = stale.values();
    const worker = async () => {
      for (const policy of next) await this.#look(policy);
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
  }

  #look(policy: TeamPolicy): Promise<void> {
    const { id } = policy.mailbox;
    const running = this.#looking.get(id);
    if (running !== undefined) return running;
    const look = this.#fetch(policy)
      .then((live) => void this.#known.set(id, live))
      .catch((error: unknown) => {
        this.#options.log.warn({ team: policy.team, err: error }, "Cannot read the mailbox at MultiMail");
      })
      .finally(() => this.#looking.delete(id));
    this.#looking.set(id, look);
    return look;
  }

  async #fetch(policy: TeamPolicy): Promise<LiveMailbox> {
    const client = this.#options.clientFor(policy);
    // Taken before asking: what was true then may have changed by the time of the answer.
    const seenAt = this.#options.clock();
    const [mailbox, allowlist] = await Promise.all([
      client.getMailbox(policy.mailbox.id),
      client.getAllowlist(policy.mailbox.id),
    ]);
    return {
      oversight: mailbox.oversightMode ?? "unknown",
      allowlist: allowlist.map(({ pattern }) => {
        const parsed = parseAddressPattern(pattern);
        return parsed.ok ? parsed.pattern : pattern;
      }),
      active: mailbox.isActive ?? true,
      seenAt,
      ...(mailbox.autoCc && { autoCc: mailbox.autoCc }),
      ...(mailbox.autoBcc && { autoBcc: mailbox.autoBcc }),
    };
  }
}
