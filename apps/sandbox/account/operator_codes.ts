import { randomInt } from "node:crypto";

/** What a code is good for. */
export type CodePurpose =
  | "upgrade"
  | "create_mailbox"
  | "create_webhook"
  | "add_to_allowlist"
  | "remove_from_allowlist";

/** A code that was mailed to the account's operator. */
export interface OperatorMail {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly purpose: CodePurpose;
  /** `A7X-29K`. */
  readonly code: string;
  /** Null where the request is for no mailbox. */
  readonly mailbox_id: string | null;
  /** Exactly what was asked for: a mode, a pattern, an address, a URL. */
  readonly detail: string;
}

const DAY = 24 * 60 * 60_000;
/** Without those that people mix up. */
const LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** Codes mailed to the operator: for one request each, valid for 24 hours, good once. */
export class OperatorCodes {
  /** Everything mailed, oldest first. */
  readonly mails: OperatorMail[] = [];
  readonly #open = new Map<string, { readonly mail: OperatorMail; readonly expiresAt: number }>();
  readonly #now: () => number;
  readonly #onMail: ((mail: OperatorMail) => void) | undefined;

  constructor(now: () => number, onMail?: (mail: OperatorMail) => void) {
    this.#now = now;
    this.#onMail = onMail;
  }

  /** Mails a new code to the operator. */
  mail(request: Pick<OperatorMail, "purpose" | "mailbox_id" | "detail">): void {
    const letters = Array.from({ length: 6 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join("");
    const code = `${letters.slice(0, 3)}-${letters.slice(3)}`;
    const mail: OperatorMail = { at: new Date(this.#now()).toISOString(), ...request, code };
    this.#open.set(code, { mail, expiresAt: this.#now() + DAY });
    this.mails.push(mail);
    this.#onMail?.(mail);
  }

  /** Uses a code up and returns what it was mailed for; undefined, and nothing used up, when it is not for this. */
  redeem(
    code: string,
    request: Pick<OperatorMail, "purpose" | "mailbox_id"> & Partial<Pick<OperatorMail, "detail">>,
  ): OperatorMail | undefined {
    const entry = this.#open.get(code);
    if (entry === undefined || entry.expiresAt <= this.#now()) return undefined;
    const { mail } = entry;
    if (mail.purpose !== request.purpose || mail.mailbox_id !== request.mailbox_id) return undefined;
    if (request.detail !== undefined && mail.detail !== request.detail) return undefined;
    this.#open.delete(code);
    return mail;
  }
}
