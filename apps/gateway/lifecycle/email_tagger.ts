import { MultiMailError } from "@countersign/multimail";
import type { AcceptedEmailRef, World } from "../enforce/world.ts";

/** How many emails are tagged together. */
const PARALLEL = 4;

/** More than this many wait only when MultiMail is slow: the trail knows what a tag would say, so the rest go without. */
const MAX_WAITING = 10_000;

/**
 * Tags sent email at MultiMail with team, assistant and receipt, so that its dashboard shows them too. Best effort, off
 * the answer's path.
 */
export class EmailTagger {
  readonly #world: Pick<World, "clientFor" | "log">;
  readonly #waiting: AcceptedEmailRef[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(world: Pick<World, "clientFor" | "log">) {
    this.#world = world;
  }

  /** Tags the email soon. */
  add(email: AcceptedEmailRef): void {
    if (this.#waiting.length >= MAX_WAITING) return;
    this.#waiting.push(email);
    if (this.#running.size >= PARALLEL) return;
    const run = this.#drain().finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #drain(): Promise<void> {
    for (let email = this.#waiting.shift(); email !== undefined; email = this.#waiting.shift()) {
      await this.#tag(email);
    }
  }

  async #tag({ policy, assistant, receipt, emailId }: AcceptedEmailRef): Promise<void> {
    const client = this.#world.clientFor(policy);
    const { id } = policy.mailbox;
    try {
      // Putting tags may replace those that are there: MultiMail's description and its client disagree.
      const tags = await client.getTags(id, emailId);
      await client.putTags(id, emailId, { ...tags, team: policy.team, assistant, receipt });
    } catch (error) {
      if (!(error instanceof MultiMailError)) throw error;
      this.#world.log.warn({ receipt, code: error.code }, "Cannot tag an email at MultiMail");
    }
  }
}
