import { monotonicFactory } from "ulid";
import { Agenda } from "./agenda.ts";
import type { Email } from "./email.ts";
import { ExpiringMap } from "./expiring_map.ts";
import { Faults } from "./faults.ts";
import type { Mailbox } from "./mailbox.ts";
import { OperatorCodes, type OperatorMail } from "./operator_codes.ts";
import { WebhookSender } from "./webhook_sender.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** One MultiMail account: everything that the sandbox knows, in memory. */
export interface Account {
  readonly id: string;
  readonly slug: string;
  readonly oversightEmail: string;
  /** Whom `approved_by` names; null: the account, by its oversight address. */
  decider: string | null;
  /** How long an email stays `pending_scan`, in milliseconds. */
  readonly scanMs: number;
  readonly now: () => number;
  /** A ULID greater than every one before it. */
  readonly newId: () => string;
  readonly agenda: Agenda;
  readonly codes: OperatorCodes;
  readonly faults: Faults;
  readonly webhooks: WebhookSender;
  /** By secret. */
  readonly keys: Map<string, ApiKey>;
  /** By id. */
  readonly mailboxes: Map<string, Mailbox>;
  /** By id. */
  readonly emails: Map<string, Email>;
  /** By thread, oldest first. */
  readonly threads: Map<string, Email[]>;
  /** What waits for a decision, by id, oldest first. */
  readonly held: Map<string, Email>;
  /** Idempotency key → id of the email that it made. */
  readonly idempotencyKeys: ExpiringMap<string, string>;
  /** Hash of an outbound email's content → its id. */
  readonly recentContents: ExpiringMap<string, string>;
  readonly outbox: Delivery[];
  readonly copies: OversightCopy[];
  readonly auditLog: AuditEntry[];
  readonly usage: { apiCalls: number; received: number; oversightActions: number };
}

/** What `createAccount` needs to know. */
export interface AccountOptions {
  readonly scanMs: number;
  readonly now: () => number;
  readonly webhookSecret: string;
  /** Milliseconds before the first retry of a webhook; each further one waits twice as long. */
  readonly webhookRetryMs: number;
  readonly onOperatorMail?: (mail: OperatorMail) => void;
}

/** An account without keys and mailboxes. */
export function createAccount(options: AccountOptions): Account {
  const { now, scanMs } = options;
  // Ids are no secret here, and the default source of randomness costs a tenth of a send.
  const ulid = monotonicFactory(Math.random);
  const newId = () => ulid(now());
  return {
    id: newId(),
    slug: "sandbox",
    oversightEmail: "operator@sandbox.example",
    decider: null,
    scanMs,
    now,
    newId,
    agenda: new Agenda(now),
    codes: new OperatorCodes(now, options.onOperatorMail),
    faults: new Faults(),
    webhooks: new WebhookSender(options.webhookSecret, { now, retryMs: options.webhookRetryMs }),
    keys: new Map(),
    mailboxes: new Map(),
    emails: new Map(),
    threads: new Map(),
    held: new Map(),
    idempotencyKeys: new ExpiringMap(DAY, now),
    recentContents: new ExpiringMap(MINUTE, now),
    outbox: [],
    copies: [],
    auditLog: [],
    usage: { apiCalls: 0, received: 0, oversightActions: 0 },
  };
}

/** One line of MultiMail's own log. It names a key, never an assistant. */
export interface AuditEntry {
  readonly id: string;
  readonly action: string;
  readonly resourceType: "email" | "mailbox" | "allowlist" | "webhook";
  readonly resourceId: string;
  readonly actorKeyId: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly createdAt: number;
}

/** An email that left, as its recipients got it: with the mailbox's automatic copies. */
interface Delivery {
  readonly email: Email;
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly deliveredAt: number;
}

/** The copy of an email that the oversight address gets in `monitored`. It is no delivery to a recipient. */
interface OversightCopy {
  readonly email: Email;
  readonly to: string;
  readonly at: number;
}

/** What a key may do at MultiMail; `admin` satisfies every scope. */
export type Scope = "read" | "send" | "admin" | "oversight";

/** A key of the account. Keys are for the whole account: none is bound to a mailbox. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  lastUsedAt: number | null;
}
