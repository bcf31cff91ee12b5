import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { PolicySet } from "@countersign/core/policy";
import { startGateway } from "@countersign/gateway";
import { CONSOLE_SETTINGS, parseEnv } from "@countersign/host";
import { linkTeams, type TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { until } from "@countersign/lifecycle/testing/until";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { startSandbox } from "@countersign/sandbox";
import type { StoredRecord, TrailStore } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";
import { pino } from "pino";
import type { DecisionRequest } from "../deciding/decide_email.ts";
import { readHeldEmail } from "../deciding/held_email.ts";
import { type Deciding, openDeciding } from "../deciding/open_deciding.ts";
import { type RunningConsole, startConsole } from "../start_console.ts";
import { openConsoleKey } from "../store/console_key.ts";

/** A gateway with the sandbox behind it, and beside it what decides, on the same trail. */
export interface DecidingStack {
  readonly deciding: Deciding;
  readonly trail: TrailStore;
  /** Asks for an email as `team/assistant`, and waits until a person can decide on it: its receipt. */
  hold(as: string, email: Readonly<Record<string, unknown>>): Promise<string>;
  /** What `email_status` tells the assistant of an email of its own. */
  statusOf(as: string, receipt: string): Promise<string>;
  /** What a page would have been shown of it, with somebody who signed in with their company account. */
  shown(receipt: string, address: string): Promise<Omit<DecisionRequest, "verdict">>;
  /** Another console with the same key; it ends with the test. */
  openAnother(): Promise<Deciding>;
  /**
   * A console that people sign in to, with the same key; it ends with the test. Without a key for MultiMail, if so wanted. `env`: more
   * variables, as channels of notices name them.
   */
  openConsole(options?: {
    readonly hasKey?: boolean;
    readonly env?: Readonly<Record<string, string>>;
  }): Promise<RunningConsole>;
  /** Other policies come in force here; the gateway goes on with its own. */
  setTeams(teams: TeamTexts): void;
  /** Lets time pass here, in milliseconds. */
  advance(ms: number): void;
  recordsOf(receipt: string): Promise<readonly StoredRecord[]>;
  /** Calls the sandbox's own routes. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Ids of what was delivered. */
  outbox(): Promise<readonly string[]>;
}

/** Starts a stack for one test, and ends it with the test. */
export async function startDeciding(
  t: Pick<TestContext, "after">,
  teams: TeamTexts,
  { demo = false }: { readonly demo?: boolean } = {},
): Promise<DecidingStack> {
  const dataDir = await mkdtemp(join(tmpdir(), "countersign-"));
  const { teams: keyed, keys } = withFreshKeys(teams);
  let policies: PolicySet = linkTeams(keyed);
  const sandbox = await startSandbox({ scanMs: 5, policies });
  const settings = parseEnv({
    PORT: "0",
    DATA_DIR: dataDir,
    MULTIMAIL_API_URL: sandbox.url,
    LOG_LEVEL: "silent",
  });
  const gateway = await startGateway({ settings, policies, env: { MULTIMAIL_API_KEY: sandbox.apiKey } });
  const trail = await openTrailAt(settings);
  let ahead = 0;
  const open = async () =>
    openDeciding({
      multimailApiUrl: sandbox.url,
      env: { MULTIMAIL_OVERSIGHT_KEY: sandbox.oversightKey },
      policies: () => policies,
      trail,
      signingKey: await openConsoleKey(dataDir),
      clock: () => Date.now() + ahead,
      log: pino({ level: "silent" }),
      demo,
    });
  const opened: { close(): Promise<void> }[] = [];
  const deciding = await open();
  opened.push(deciding);
  t.after(async () => {
    for (const one of opened) await one.close();
    await gateway.close();
    await sandbox.close();
    await trail.close();
    await rm(dataDir, { recursive: true });
  });
  const control = async (method: string, path: string, body?: unknown) => {
    const headers = { "Content-Type": "application/json" };
    const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
    return (await fetch(`${sandbox.url}${path}`, init)).json();
  };
  const held = (receipt: string) =>
    until(async () => {
      const read = await readHeldEmail(receipt, deciding.world);
      return read.ok && read.held;
    });
  return {
    deciding,
    trail,
    hold: async (as, email) => {
      const response = await fetch(`${gateway.url}/v1/send`, {
        method: "POST",
        headers: { Authorization: `Bearer ${keys.get(as)}`, "Content-Type": "application/json" },
        body: JSON.stringify(email),
      });
      const answer = (await response.json()) as { readonly receipt: string; readonly status?: string };
      if (answer.status !== "pending") throw new Error(`Not held: ${JSON.stringify(answer)}`);
      await held(answer.receipt);
      return answer.receipt;
    },
    statusOf: async (as, receipt) => {
      const response = await fetch(`${gateway.url}/mcp`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${keys.get(as)}`,
          Accept: "application/json, text/event-stream",
          "Content-Type": "application/json",
        },
        body: JSON.stringify({
          ...{ jsonrpc: "2.0", id: 1, method: "tools/call" },
          params: { name: "email_status", arguments: { receipt } },
        }),
      });
      return response.text();
    },
    shown: async (receipt, address) => {
      const { digests } = await held(receipt);
      const person = { issuer: "https://id.acme.example", subject: address, address, auth: "oidc" } as const;
      return { receipt, person, ...digests };
    },
    openAnother: async () => {
      const another = await open();
      opened.push(another);
      return another;
    },
    openConsole: async ({ hasKey = true, env = {} } = {}) => {
      const running = await startConsole({
        settings: parseEnv(
          {
            ...{ DATA_DIR: dataDir, CONSOLE_DATA_DIR: dataDir, CONSOLE_PORT: "0", LOG_LEVEL: "silent" },
            MULTIMAIL_API_URL: sandbox.url,
          },
          CONSOLE_SETTINGS,
        ),
        policies,
        env: { ...env, ...(hasKey && { MULTIMAIL_OVERSIGHT_KEY: sandbox.oversightKey }) },
        demo,
        clock: () => Date.now() + ahead,
      });
      opened.push(running);
      return running;
    },
    setTeams: (texts) => {
      policies = linkTeams(texts);
    },
    advance: (ms) => {
      ahead += ms;
    },
    recordsOf: (receipt) => trail.recordsOf(receipt),
    control,
    outbox: async () => {
      const { messages } = (await control("GET", "/sandbox/outbox")) as { messages: { id: string }[] };
      return messages.map(({ id }) => id);
    },
  };
}
