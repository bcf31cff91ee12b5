import type { TeamPolicy } from "@countersign/core/policy";
import { PENDING_INCOMING } from "@countersign/lifecycle";
import { type EmailSummary, type MultiMailClient, MultiMailError } from "@countersign/multimail";
import type { Logger } from "pino";

/** What was asked so lately is not asked again, in milliseconds. */
const FRESH_MS = 5_000;

/** At most so many pages of a hundred of a mailbox are listed. */
const MAX_PAGES = 10;

/** A received email that no assistant sees yet, without its text. */
export interface WaitingIncoming {
  readonly team: string;
  readonly email: EmailSummary;
}

/** What waits, as far as it could be found out. */
export interface IncomingList {
  /** The oldest first. */
  readonly emails: readonly WaitingIncoming[];
  /** Teams of whose mailboxes MultiMail did not tell now. */
  readonly unknown: readonly string[];
  /** Teams of which there are more than are listed. */
  readonly more: readonly string[];
}

/** What lists are read with. */
export interface IncomingMailOptions {
  /** MultiMail with a key that may decide on the team's email; undefined: there is none. */
  readonly clientFor: (policy: TeamPolicy) => MultiMailClient | undefined;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Pick<Logger, "warn">;
}

interface Listed {
  readonly emails: readonly EmailSummary[];
  readonly isCut: boolean;
}

/** Received email that waits for a person: only MultiMail knows it, so it is asked, at most once in a few seconds. */
export class IncomingMail {
  readonly #options: IncomingMailOptions;
  /** By mailbox. */
  readonly #listed = new Map<string, { readonly at: number; readonly found: Promise<Listed | undefined> }>();

  constructor(options: IncomingMailOptions) {
    this.#options = options;
  }

  /** What waits in the mailboxes of these teams, known for no longer than `freshMs`. */
  async list(policies: readonly TeamPolicy[], freshMs: number = FRESH_MS): Promise<IncomingList> {
    const found = await Promise.all(
      policies.map(async (policy) => ({ team: policy.team, listed: await this.#listOf(policy, freshMs) })),
    );
    const emails = found.flatMap(({ team, listed }) =>
      (listed?.emails ?? []).map((email) => ({ team, email })),
    );
    return {
      emails: emails.sort(
        (a, b) =>
          (a.email.receivedAt ?? "").localeCompare(b.email.receivedAt ?? "") ||
          (a.email.id < b.email.id ? -1 : 1),
      ),
      unknown: found.filter(({ listed }) => listed === undefined).map(({ team }) => team),
      more: found.filter(({ listed }) => listed?.isCut).map(({ team }) => team),
    };
  }

  /** Forgets what is known of a team's mailbox: something was decided there. */
  forget({ mailbox }: TeamPolicy): void {
    this.#listed.delete(mailbox.id);
  }

  #listOf(policy: TeamPolicy, freshMs: number): Promise<Listed | undefined> {
    const now = this.#options.clock();
    const known = this.#listed.get(policy.mailbox.id);
    if (known !== undefined && now - known.at < freshMs) return known.found;
    const found = this.#ask(policy);
    this.#listed.set(policy.mailbox.id, { at: now, found });
    return found;
  }

  async #ask(policy: TeamPolicy): Promise<Listed | undefined> {
    const { clientFor, log } = this.#options;
    const client = clientFor(policy);
    if (client === undefined) return undefined;
    const emails: EmailSummary[] = [];
    try {
      let cursor: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const query = { status: PENDING_INCOMING, direction: "inbound", limit: 100 } as const;
        const listed = await client.listEmails(policy.mailbox.id, {
          ...query,
          ...(cursor !== undefined && { cursor }),
        });
        emails.push(...listed.emails.filter(({ status }) => status === PENDING_INCOMING));
        cursor = listed.cursor;
        if (cursor === undefined) break;
      }
      return { emails, isCut: cursor !== undefined };
    } catch (error) {
      if (!(error instanceof MultiMailError)) throw error;
      log.warn({ team: policy.team, code: error.code }, "MultiMail does not list received email that waits");
      return undefined;
    }
  }
}
