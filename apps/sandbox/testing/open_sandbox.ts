import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../start_sandbox.ts";

/** What came back over HTTP. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A sandbox for one test, on a clock that stands still until the test moves it. */
export interface OpenSandbox extends RunningSandbox {
  /** Calls it; `key` defaults to the admin's, null sends none. */
  call<T = Record<string, unknown>>(request: string, body?: unknown, key?: string | null): Promise<Answer<T>>;
  /** Moves the clock, by default to after the scan. */
  advance(ms?: number): void;
  /** Sends an email that differs from every other one, and returns its id. */
  send(body?: Record<string, unknown>, mailbox?: string): Promise<string>;
  /** What the email's list entry says now; unlike `GET`, it marks nothing read. */
  statusOf(id: string, mailbox?: string): Promise<string>;
  /** The ids in the outbox. */
  outbox(): Promise<readonly string[]>;
  /** The newest code that was mailed to the operator. */
  code(): Promise<string>;
}

/** A mailbox's path. */
export const M1 = "/v1/mailboxes/m1";

/** Opens a sandbox with the mailboxes `m1` (`autonomous`) and `m2` (`gated_send`), closed when the test ends. */
export async function openSandbox(t: TestContext, options: SandboxOptions = {}): Promise<OpenSandbox> {
  let now = Date.UTC(2026, 10, 23, 10);
  const sandbox = await startSandbox({
    now: () => now,
    mailboxes: [
      { id: "m1", address: "one@team.example", oversightMode: "autonomous" },
      { id: "m2", address: "two@team.example", oversightMode: "gated_send" },
    ],
    ...options,
  });
  t.after(() => sandbox.close());

  async function call<T>(
    request: string,
    body?: unknown,
    key: string | null = sandbox.adminKey,
  ): Promise<Answer<T>> {
    const [method = "", path = ""] = request.split(" ");
    const response = await fetch(sandbox.url + path, {
      method,
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  }

  let sent = 0;
  return {
    ...sandbox,
    call,
    advance: (ms = 1000) => {
      now += ms;
    },
    send: async (body = {}, mailbox = "m1") => {
      sent++;
      const draft = {
        to: ["customer@client.example"],
        subject: `Number ${sent}`,
        markdown: "Hello",
        ...body,
      };
      const answer = await call<{ id: string }>(`POST /v1/mailboxes/${mailbox}/send`, draft);
      assert.equal(answer.status, 202, JSON.stringify(answer.body));
      return answer.body.id;
    },
    statusOf: async (id, mailbox = "m1") => {
      const { body } = await call<{ emails: { id: string; status: string }[] }>(
        `GET /v1/mailboxes/${mailbox}/emails?limit=100`,
      );
      return body.emails.find((email) => email.id === id)?.status ?? "missing";
    },
    outbox: async () => {
      const { body } = await call<{ messages: { id: string }[] }>("GET /sandbox/outbox");
      return body.messages.map(({ id }) => id);
    },
    code: async () => {
      const { body } = await call<{ messages: { code: string }[] }>("GET /sandbox/operator-mail");
      return body.messages.at(-1)?.code ?? "none";
    },
  };
}
