import type { TeamPolicy } from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import { Background } from "@countersign/lifecycle";
import { type Email, MultiMailError } from "@countersign/multimail";
import type { World } from "../enforce/world.ts";

/** How many emails are tagged together. */
const AT_ONCE = 4;

/** More than this many wait only when MultiMail is slow: the trail knows what a tag would say, so the rest go without. */
const MAX_WAITING = 10_000;

/** So many are remembered: tagging an email twice does no harm. */
const MAX_KNOWN = 20_000;

/** An email of ours as MultiMail just showed it, and whose it is. */
export interface EmailToTag {
  readonly policy: TeamPolicy;
  readonly email: Pick<Email, "id" | "tags">;
  readonly assistant: string;
  readonly receipt: string;
}

/**
 * Tags sent email at MultiMail with team, assistant and receipt, so that its dashboard shows them too. Best effort, after
 * the first look at an email: whatever shows it shows its tags, and they need not be asked for.
 */
export class EmailTagger {
  readonly #world: Pick<World, "clientFor" | "log">;
  #waiting: EmailToTag[] = [];
  /** Receipts whose tags wait, or were written lately: what MultiMail showed may be older than that. */
  readonly #known = new Set<string>();
  readonly #background: Background;

  constructor(world: Pick<World, "clientFor" | "log">) {
    this.#world = world;
    this.#background = new Background({
      pass: () => this.#tagAll(),
      failure: "Cannot tag emails at MultiMail",
      log: world.log,
    });
  }

  /** Tags the email soon, unless it is tagged. */
  add(email: EmailToTag): void {
    const { receipt } = email;
    if (email.email.tags?.receipt === receipt || this.#known.has(receipt)) return;
    if (this.#waiting.length >= MAX_WAITING) return;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.add(receipt);
    this.#waiting.push(email);
    this.#background.within(0);
  }

  /** Tags what waits, and nothing after that. */
  async stop(): Promise<void> {
    await this.#background.runAnew();
    await this.#background.stop();
  }

  async #tagAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const emails = this.#waiting;
      this.#waiting = [];
      await inParallel(emails, (email) => this.#tag(email), { atOnce: AT_ONCE });
    }
  }

  async #tag({ policy, email, assistant, receipt }: EmailToTag): Promise<void> {
    const client = this.#world.clientFor(policy);
    const { id } = policy.mailbox;
    try {
      // Putting tags may replace those that are there: MultiMail's description and its client disagree.
      const tags = email.tags ?? (await client.getTags(id, email.id));
      await client.putTags(id, email.id, { ...tags, team: policy.team, assistant, receipt });
    } catch (error) {
      // The next look tries again.
      this.#known.delete(receipt);
      if (!(error instanceof MultiMailError)) throw error;
      this.#world.log.warn({ receipt, code: error.code }, "Cannot tag an email at MultiMail");
    }
  }
}
