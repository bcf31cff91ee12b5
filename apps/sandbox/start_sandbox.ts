import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { PolicySet } from "@countersign/core/policy";
import { cannotListen } from "@countersign/host";
import { getRequestListener } from "@hono/node-server";
import { createAccount, type Scope } from "./account/account.ts";
import { addMailbox, type MailboxOptions, mailboxesOf } from "./account/add_mailbox.ts";
import type { OperatorMail } from "./account/operator_codes.ts";
import { WEBHOOK_EVENTS } from "./account/webhook_sender.ts";
import { createApp } from "./create_app.ts";

export type { MailboxOptions, OperatorMail };

/** How to start a sandbox. Everything has a default. */
export interface SandboxOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Default: those of `policies`, or one `gated_send` mailbox. */
  readonly mailboxes?: readonly MailboxOptions[];
  /** The teams whose mailboxes it has, as they declare them; those of notices are `monitored`. */
  readonly policies?: Pick<PolicySet, "teams" | "organisation">;
  /** How long an email stays `pending_scan`, in milliseconds of `now`. Default 30. */
  readonly scanMs?: number;
  /** The clock that everything goes by, in epoch milliseconds. What it makes due is done at the next request. */
  readonly now?: () => number;
  /** Told of every code that is mailed to the operator. */
  readonly onOperatorMail?: (mail: OperatorMail) => void;
  /** Subscribes this URL to all events of all mailboxes. */
  readonly webhookUrl?: string;
  /** Milliseconds before the first retry of a webhook, twice as long before each further one. Default 500. */
  readonly webhookRetryMs?: number;
  /** Keys; random when absent. */
  readonly apiKey?: string;
  readonly oversightKey?: string;
  readonly adminKey?: string;
  readonly webhookSecret?: string;
}

/** A sandbox that listens. */
export interface RunningSandbox {
  /** `http://127.0.0.1:8788`. */
  readonly url: string;
  /** Scopes `read` and `send`. */
  readonly apiKey: string;
  /** Scopes `read` and `oversight`. */
  readonly oversightKey: string;
  /** Scope `admin`, which satisfies all. */
  readonly adminKey: string;
  readonly webhookSecret: string;
  readonly mailboxes: readonly {
    readonly id: string;
    readonly address: string;
    readonly oversight_mode: string;
  }[];
  /** Stops listening and drops what is under way. */
  close(): Promise<void>;
}

/**
 * Starts a local MultiMail: the same API over HTTP, its state in memory. Rejects when it cannot listen there, or when
 * two mailboxes share an id or an address.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const { host = "127.0.0.1", port = 0, scanMs = 30, now = Date.now, webhookRetryMs = 500 } = options;
  const webhookSecret = options.webhookSecret ?? createSecret("whsec_");
  const account = createAccount({
    scanMs,
    now,
    webhookSecret,
    webhookRetryMs,
    ...(options.onOperatorMail !== undefined && { onOperatorMail: options.onOperatorMail }),
  });
  const addKey = (name: string, scopes: readonly Scope[], secret = createSecret("mm_test_")): string => {
    account.keys.set(secret, {
      id: account.newId(),
      name,
      secret,
      scopes,
      createdAt: now(),
      lastUsedAt: null,
    });
    return secret;
  };
  const apiKey = addKey("Gateway", ["read", "send"], options.apiKey);
  const oversightKey = addKey("Oversight", ["read", "oversight"], options.oversightKey);
  const adminKey = addKey("Admin", ["admin"], options.adminKey);
  const mailboxes = options.mailboxes ??
    (options.policies && mailboxesOf(options.policies)) ?? [
      { id: account.newId(), address: "agent@sandbox.multimail.dev", oversightMode: "gated_send" },
    ];
  for (const mailbox of mailboxes) addMailbox(account, mailbox);
  if (options.webhookUrl !== undefined) {
    account.webhooks.subscriptions.push({
      id: account.newId(),
      url: options.webhookUrl,
      events: WEBHOOK_EVENTS,
      mailboxId: null,
      createdAt: now(),
    });
  }

  const server = createServer(getRequestListener(createApp(account).fetch));
  server.listen(port, host);
  await once(server, "listening").catch((error) => {
    throw cannotListen(error, { host, port }, "HOST, SANDBOX_PORT");
  });
  let closing: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    account.agenda.close();
    account.webhooks.close();
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`,
    apiKey,
    oversightKey,
    adminKey,
    webhookSecret,
    mailboxes: mailboxes.map(({ id, address, oversightMode }) => ({
      id,
      address,
      oversight_mode: oversightMode,
    })),
    close: () => {
      closing ??= stop();
      return closing;
    },
  };
}

function createSecret(prefix: string): string {
  return prefix + randomBytes(24).toString("base64url");
}
