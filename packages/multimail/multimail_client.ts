import { written } from "./codec/shape.ts";
import {
  type ApiRequest,
  type CallOptions,
  Connection,
  type ConnectionOptions,
} from "./transport/connection.ts";
import { path } from "./transport/path.ts";
import { readAcknowledgement, readConfirmed, readJson } from "./transport/read_answer.ts";
import { type AcceptedEmail, readAcceptedEmail } from "./wire/accepted_email.ts";
import { ACCOUNT, type Account } from "./wire/account.ts";
import { type AllowlistEntry, readAllowlist } from "./wire/allowlist_entry.ts";
import { type ApiKey, readApiKeys } from "./wire/api_key.ts";
import { APPLIED_DECISION, type AppliedDecision } from "./wire/applied_decision.ts";
import { type AttachmentContent, convertAttachmentContent } from "./wire/attachment_content.ts";
import { AUDIT_PAGE, type AuditPage } from "./wire/audit_page.ts";
import { EMAIL, type Email } from "./wire/email.ts";
import { EMAIL_PAGE, EMAIL_QUERY, type EmailPage, type EmailQuery } from "./wire/email_page.ts";
import {
  type CreatedMailbox,
  MAILBOX,
  MAILBOX_CHANGE,
  type Mailbox,
  type MailboxChange,
  readCreatedMailbox,
  readMailboxes,
} from "./wire/mailbox.ts";
import {
  OUTGOING_EMAIL,
  OUTGOING_REPLY,
  type OutgoingEmail,
  type OutgoingReply,
} from "./wire/outgoing_email.ts";
import { type PendingEmail, readPendingEmails } from "./wire/pending_email.ts";
import { STATUS, type Status } from "./wire/status.ts";
import { readTags, type Tags } from "./wire/tags.ts";
import { THREAD, type Thread } from "./wire/thread.ts";
import { USAGE, type Usage } from "./wire/usage.ts";
import { readWebhooks, WEBHOOK, type Webhook } from "./wire/webhook.ts";

/** Options of a call that lets an email leave. */
export interface DeliveryOptions extends CallOptions {
  /** For 24 hours MultiMail takes an email with this key once. Not empty. */
  readonly idempotencyKey: string;
}

/** Options of a call that MultiMail lets an operator confirm. */
export interface ConfirmedOptions extends CallOptions {
  /** The code that MultiMail mailed to the operator; absent asks for one. */
  readonly approvalCode?: string;
}

/** A call of a client. */
export interface MultiMailCall {
  /** The client's method. */
  readonly name: Exclude<keyof MultiMailClient, "close">;
  /** Absent: it is about no mailbox, or several. */
  readonly mailboxId?: string;
}

/** What is done around a call: holding it back, timing it. `make` makes it. */
export type AroundCall = <T>(call: MultiMailCall, make: () => Promise<T>) => Promise<T>;

/** How a `MultiMailClient` reaches MultiMail. */
export interface MultiMailClientOptions extends ConnectionOptions {
  /** Makes every call. By default it is just made. */
  readonly around?: AroundCall;
}

const MAX_ATTACHMENT_BYTES = 30 * 1024 * 1024;

/**
 * MultiMail's REST API with one account key. Every call is made once, and fails with a {@linkcode MultiMailError}
 * whose `outcome` tells whether MultiMail may have done something.
 *
 * @example
 * ```ts
 * import { MultiMailClient } from "@countersign/multimail";
 *
 * const multimail = new MultiMailClient({ baseUrl: "https://api.multimail.dev", apiKey: "mm_live_…" });
 * const email = { to: ["ann@client.example"], subject: "Your invoice", markdown: "Dear Ann, …" };
 * const { id } = await multimail.send("01KJ1NHN8J5Q0V4Y8Z3T6R2W9C", email, { idempotencyKey: "invoice-42" });
 * ```
 */
export class MultiMailClient {
  readonly #connection: Connection;
  readonly #around: AroundCall | undefined;

  /** Throws a `TypeError` when the URL or the key cannot be one. */
  constructor({ around, ...options }: MultiMailClientOptions) {
    this.#connection = new Connection(options);
    this.#around = around;
  }

  /** Waits for calls under way and closes the client's own connections. */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Sends a new email, with the scope `send`. What the mailbox's mode makes of it shows later. */
  async send(mailboxId: string, email: OutgoingEmail, options: DeliveryOptions): Promise<AcceptedEmail> {
    return this.#deliver(
      { name: "send", mailboxId, doing: "send email" },
      path`/v1/mailboxes/${mailboxId}/send`,
      written(OUTGOING_EMAIL, email),
      options,
    );
  }

  /** Answers an email, with the scope `send`. MultiMail adds its recipient, subject and threading. */
  async reply(
    mailboxId: string,
    emailId: string,
    reply: OutgoingReply,
    options: DeliveryOptions,
  ): Promise<AcceptedEmail> {
    const route = path`/v1/mailboxes/${mailboxId}/reply/${emailId}`;
    return this.#deliver(
      { name: "reply", mailboxId, doing: "reply to email" },
      route,
      written(OUTGOING_REPLY, reply),
      options,
    );
  }

  /** Lists a mailbox's email without bodies. */
  async listEmails(mailboxId: string, query: EmailQuery = {}, options: CallOptions = {}): Promise<EmailPage> {
    return this.#ask("listEmails", mailboxId, {
      ...options,
      doing: "list email",
      path: path`/v1/mailboxes/${mailboxId}/emails`,
      query: written(EMAIL_QUERY, query) as Record<string, string | number | boolean>,
      read: readJson(EMAIL_PAGE.read),
    });
  }

  /** Reads an email. MultiMail marks it read, for everybody who shares the mailbox. */
  async getEmail(mailboxId: string, emailId: string, options: CallOptions = {}): Promise<Email> {
    return this.#ask("getEmail", mailboxId, {
      ...options,
      doing: "read email",
      path: path`/v1/mailboxes/${mailboxId}/emails/${emailId}`,
      read: readJson(EMAIL.read),
    });
  }

  /** Reads an attachment of at most 30 MiB, or learns its URL. */
  async getAttachment(
    mailboxId: string,
    emailId: string,
    filename: string,
    options: CallOptions = {},
  ): Promise<AttachmentContent> {
    return this.#ask("getAttachment", mailboxId, {
      ...options,
      doing: "read attachment",
      path: path`/v1/mailboxes/${mailboxId}/emails/${emailId}/attachments/${filename}`,
      maxBytes: MAX_ATTACHMENT_BYTES,
      read: ({ headers, body }) => convertAttachmentContent(headers["content-type"], body),
    });
  }

  /** Reads a conversation without bodies. */
  async getThread(mailboxId: string, threadId: string, options: CallOptions = {}): Promise<Thread> {
    return this.#ask("getThread", mailboxId, {
      ...options,
      doing: "read thread",
      path: path`/v1/mailboxes/${mailboxId}/threads/${threadId}`,
      read: readJson(THREAD.read),
    });
  }

  /** Takes back an email that has not left; again is no error. `conflict` when it is too late. */
  async cancel(mailboxId: string, emailId: string, options: CallOptions = {}): Promise<Status> {
    return this.#ask("cancel", mailboxId, {
      ...options,
      doing: "cancel email",
      method: "POST",
      path: path`/v1/mailboxes/${mailboxId}/emails/${emailId}/cancel`,
      read: readJson(STATUS.read),
    });
  }

  /** Reads an email's tags. */
  async getTags(mailboxId: string, emailId: string, options: CallOptions = {}): Promise<Tags> {
    return this.#ask("getTags", mailboxId, {
      ...options,
      doing: "read tags",
      path: path`/v1/mailboxes/${mailboxId}/emails/${emailId}/tags`,
      read: readJson(readTags),
    });
  }

  /** Writes an email's tags. It replaces or merges, MultiMail is of two minds: write the union of old and new. */
  async putTags(mailboxId: string, emailId: string, tags: Tags, options: CallOptions = {}): Promise<Tags> {
    return this.#ask("putTags", mailboxId, {
      ...options,
      doing: "write tags",
      method: "PUT",
      path: path`/v1/mailboxes/${mailboxId}/emails/${emailId}/tags`,
      body: { tags },
      read: readJson(readTags),
    });
  }

  /** Lists the mailboxes of the whole account. */
  async listMailboxes(options: CallOptions = {}): Promise<readonly Mailbox[]> {
    return this.#ask("listMailboxes", undefined, {
      ...options,
      doing: "list mailboxes",
      path: "/v1/mailboxes",
      read: readJson(readMailboxes),
    });
  }

  /** Reads a mailbox's live settings. */
  async getMailbox(mailboxId: string, options: CallOptions = {}): Promise<Mailbox> {
    return this.#ask("getMailbox", mailboxId, {
      ...options,
      doing: "read mailbox",
      path: path`/v1/mailboxes/${mailboxId}`,
      read: readJson(MAILBOX.read),
    });
  }

  /** Creates a mailbox, with the scope `admin` and the operator's code. MultiMail chooses its id; it starts as `gated_send`. */
  async createMailbox(
    mailbox: { readonly addressLocal: string; readonly displayName?: string },
    options: ConfirmedOptions = {},
  ): Promise<{ codeMailed: true } | { codeMailed: false; mailbox: CreatedMailbox }> {
    const { approvalCode, ...call } = options;
    const { addressLocal, displayName } = mailbox;
    return this.#ask("createMailbox", undefined, {
      ...call,
      doing: "create mailbox",
      method: "POST",
      path: "/v1/mailboxes",
      body: { address_local: addressLocal, display_name: displayName, approval_code: approvalCode },
      read: (answer) =>
        answer.status === 202
          ? { codeMailed: true }
          : { codeMailed: false, mailbox: readJson(readCreatedMailbox)(answer) },
    });
  }

  /** Changes a mailbox's settings, with the scope `admin`. Its mode may become stricter only. */
  async updateMailbox(mailboxId: string, change: MailboxChange, options: CallOptions = {}): Promise<void> {
    return this.#ask("updateMailbox", mailboxId, {
      ...options,
      doing: "update mailbox",
      method: "PATCH",
      path: path`/v1/mailboxes/${mailboxId}`,
      body: written(MAILBOX_CHANGE, change),
      read: readAcknowledgement,
    });
  }

  /** Has a code mailed to the operator that loosens a mailbox's mode; MultiMail allows 3 an hour. */
  async requestUpgrade(mailboxId: string, targetMode: string, options: CallOptions = {}): Promise<void> {
    return this.#ask("requestUpgrade", mailboxId, {
      ...options,
      doing: "request a mode upgrade",
      method: "POST",
      path: path`/v1/mailboxes/${mailboxId}/request-upgrade`,
      body: { target_mode: targetMode },
      read: readAcknowledgement,
    });
  }

  /** Loosens a mailbox's mode with the operator's code. */
  async upgrade(mailboxId: string, code: string, options: CallOptions = {}): Promise<void> {
    return this.#ask("upgrade", mailboxId, {
      ...options,
      doing: "upgrade the mode",
      method: "POST",
      path: path`/v1/mailboxes/${mailboxId}/upgrade`,
      body: { code },
      read: readAcknowledgement,
    });
  }

  /** Reads the recipients to whom a `gated_send` mailbox sends without approval; all of them, or it fails. */
  async getAllowlist(mailboxId: string, options: CallOptions = {}): Promise<readonly AllowlistEntry[]> {
    return this.#ask("getAllowlist", mailboxId, {
      ...options,
      doing: "read allowlist",
      path: path`/v1/mailboxes/${mailboxId}/allowlist`,
      read: readJson(readAllowlist),
    });
  }

  /** Adds an address or `*@domain`, with the scope `admin` and the operator's code. */
  async addAllowlistEntry(
    mailboxId: string,
    entry: { readonly pattern: string; readonly note?: string },
    options: ConfirmedOptions = {},
  ): Promise<{ codeMailed: boolean }> {
    const { approvalCode, ...call } = options;
    return this.#ask("addAllowlistEntry", mailboxId, {
      ...call,
      doing: "add to allowlist",
      method: "POST",
      path: path`/v1/mailboxes/${mailboxId}/allowlist`,
      body: { pattern: entry.pattern, note: entry.note, approval_code: approvalCode },
      read: readConfirmed,
    });
  }

  /** Removes an entry, with the scope `admin` and the operator's code. */
  async removeAllowlistEntry(
    mailboxId: string,
    entryId: string,
    options: ConfirmedOptions = {},
  ): Promise<{ codeMailed: boolean }> {
    const { approvalCode, ...call } = options;
    return this.#ask("removeAllowlistEntry", mailboxId, {
      ...call,
      doing: "remove from allowlist",
      method: "DELETE",
      path: path`/v1/mailboxes/${mailboxId}/allowlist/${entryId}`,
      // MultiMail does not say where the code goes. In the body, as when adding, it stays out of access logs.
      ...(approvalCode !== undefined && { body: { approval_code: approvalCode } }),
      read: readConfirmed,
    });
  }

  /** Lists every email of the account that waits for a decision, with the scope `oversight`. */
  async listPending(options: CallOptions = {}): Promise<readonly PendingEmail[]> {
    return this.#ask("listPending", undefined, {
      ...options,
      doing: "list pending email",
      path: "/v1/oversight/pending",
      read: readJson(readPendingEmails),
    });
  }

  /** Approves or rejects an email that waits, with the scope `oversight`. */
  async decide(
    emailId: string,
    action: "approve" | "reject",
    reason?: string,
    options: CallOptions = {},
  ): Promise<AppliedDecision> {
    return this.#ask("decide", undefined, {
      ...options,
      doing: `${action} email`,
      method: "POST",
      path: "/v1/oversight/decide",
      body: { email_id: emailId, action, reason },
      read: readJson(APPLIED_DECISION.read),
    });
  }

  /** Reads the account that the key belongs to. */
  async getAccount(options: CallOptions = {}): Promise<Account> {
    return this.#ask("getAccount", undefined, {
      ...options,
      doing: "read account",
      path: "/v1/account",
      read: readJson(ACCOUNT.read),
    });
  }

  /** Reads what the account has used. */
  async getUsage(options: CallOptions = {}): Promise<Usage> {
    return this.#ask("getUsage", undefined, {
      ...options,
      doing: "read usage",
      path: "/v1/usage",
      read: readJson(USAGE.read),
    });
  }

  /** Lists the account's keys, with the scope `admin`. */
  async listApiKeys(options: CallOptions = {}): Promise<readonly ApiKey[]> {
    return this.#ask("listApiKeys", undefined, {
      ...options,
      doing: "list keys",
      path: "/v1/api-keys",
      read: readJson(readApiKeys),
    });
  }

  /** Lists webhooks without their secrets, with the scope `admin`. */
  async listWebhooks(options: CallOptions = {}): Promise<readonly Webhook[]> {
    return this.#ask("listWebhooks", undefined, {
      ...options,
      doing: "list webhooks",
      path: "/v1/webhooks",
      read: readJson(readWebhooks),
    });
  }

  /** Subscribes to events, with the scope `admin` and the operator's code. The answer holds the signing secret. */
  async createWebhook(
    webhook: { readonly url: string; readonly events: readonly string[]; readonly mailboxId?: string },
    options: ConfirmedOptions = {},
  ): Promise<{ codeMailed: true } | { codeMailed: false; webhook: Webhook }> {
    const { approvalCode, ...call } = options;
    const { url, events, mailboxId } = webhook;
    return this.#ask("createWebhook", undefined, {
      ...call,
      doing: "create webhook",
      method: "POST",
      path: "/v1/webhooks",
      body: { url, events, mailbox_id: mailboxId, approval_code: approvalCode },
      read: (answer) =>
        answer.status === 202
          ? { codeMailed: true }
          : { codeMailed: false, webhook: readJson(WEBHOOK.read)(answer) },
    });
  }

  /** Reads MultiMail's own log, with the scope `admin`. `limit` is 1 to 100. */
  async getAuditLog(
    query: { readonly limit?: number; readonly cursor?: string } = {},
    options: CallOptions = {},
  ): Promise<AuditPage> {
    return this.#ask("getAuditLog", undefined, {
      ...options,
      doing: "read audit log",
      path: "/v1/audit-log",
      query,
      read: readJson(AUDIT_PAGE.read),
    });
  }

  /** Asks MultiMail how it is. Degraded, it answers 503, which fails with `unavailable`. */
  async health(options: CallOptions = {}): Promise<Status> {
    return this.#ask("health", undefined, {
      ...options,
      doing: "check health",
      path: "/health",
      read: readJson(STATUS.read),
    });
  }

  #ask<T>(name: MultiMailCall["name"], mailboxId: string | undefined, request: ApiRequest<T>): Promise<T> {
    const ask = () => this.#connection.ask(request);
    return this.#around?.({ name, ...(mailboxId !== undefined && { mailboxId }) }, ask) ?? ask();
  }

  async #deliver(
    { name, mailboxId, doing }: Required<MultiMailCall> & { readonly doing: string },
    route: string,
    email: Record<string, unknown>,
    options: DeliveryOptions,
  ): Promise<AcceptedEmail> {
    const { idempotencyKey, ...call } = options;
    if (idempotencyKey === "") throw new TypeError(`Cannot ${doing}: the idempotency key is empty`);
    const body = { ...email, idempotency_key: idempotencyKey };
    return this.#ask(name, mailboxId, {
      ...call,
      doing,
      method: "POST",
      path: route,
      body,
      read: readJson(readAcceptedEmail),
    });
  }
}
