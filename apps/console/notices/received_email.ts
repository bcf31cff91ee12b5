import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { inParallel } from "@countersign/host";
import { incomingReceipt, type WaitingFact } from "@countersign/lifecycle";
import type { IncomingMail } from "../waiting/incoming_mail.ts";

/** How old what is known of a mailbox may be when it is looked whether people are to be told, in milliseconds: MultiMail is asked once a minute. */
const ASKED_MS = 60_000;

/** How many mailboxes are asked about at once. */
const AT_ONCE = 8;

/** What received email is looked for with. */
export interface ReceivedEmailOptions {
  readonly incoming: Pick<IncomingMail, "list">;
  /** The policies in force at this moment. */
  readonly policies: () => PolicySet;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** The received email that waits, by team, as MultiMail said when it was last asked: only MultiMail knows it. */
export class ReceivedEmail {
  readonly #options: ReceivedEmailOptions;
  readonly #known = new Map<string, readonly WaitingFact[]>();

  constructor(options: ReceivedEmailOptions) {
    this.#options = options;
  }

  /** Asks about the mailboxes of all teams that are told of received email. What MultiMail does not tell stays as it was known. */
  async look(signal?: AbortSignal): Promise<void> {
    const teams = [...this.#options.policies().teams.values()].filter(isTold);
    const names = new Set(teams.map(({ team }) => team));
    for (const team of this.#known.keys()) if (!names.has(team)) this.#known.delete(team);
    await inParallel(teams, (policy) => this.#ask(policy, ASKED_MS), {
      atOnce: AT_ONCE,
      isOver: () => signal?.aborted === true,
    });
  }

  /** What waits for a team, the oldest first. */
  of(team: string): readonly WaitingFact[] {
    return this.#known.get(team) ?? [];
  }

  /** What waits for a team at this moment. */
  async now(team: string): Promise<readonly WaitingFact[]> {
    const policy = this.#options.policies().teams.get(team);
    if (policy === undefined || !isTold(policy)) return [];
    await this.#ask(policy);
    return this.of(team);
  }

  has(receipt: string): boolean {
    return [...this.#known.values()].some((facts) => facts.some((fact) => fact.receipt === receipt));
  }

  async #ask(policy: TeamPolicy, freshMs?: number): Promise<void> {
    const { incoming, clock } = this.#options;
    const { emails, unknown } = await incoming.list([policy], freshMs);
    if (unknown.length > 0) return;
    const now = clock();
    this.#known.set(
      policy.team,
      emails.map(({ email: { id, receivedAt } }) => {
        const heldAt = Date.parse(receivedAt ?? "");
        return { receipt: incomingReceipt(id), heldAt: Number.isNaN(heldAt) ? now : heldAt };
      }),
    );
  }
}

/** Whether people decide on a team's received email, and are told by some channel. */
function isTold({ oversight, notify = [] }: TeamPolicy): boolean {
  return oversight === "gated_all" && notify.length > 0;
}
