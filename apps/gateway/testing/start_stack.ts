import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { parseEnv } from "@countersign/host";
import { linkTeams, type TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { MultiMailClient } from "@countersign/multimail";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "@countersign/sandbox";
import type { RecordKind, StoredRecord, TrailFilter } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";
import { type RunningGateway, startGateway } from "../start_gateway.ts";

/** A gateway, the sandbox behind it and keys for every assistant, on free ports and in a folder of their own. */
export interface Stack {
  readonly gateway: RunningGateway;
  readonly sandbox: RunningSandbox;
  /** The team lead at MultiMail. */
  readonly lead: MultiMailClient;
  readonly dataDir: string;
  /** By `team/assistant`. */
  keyOf(assistant: string): string;
  /** Calls the REST door; `as` is `team/assistant`, or nobody. */
  call(method: string, path: string, options?: CallOptions): Promise<RestAnswer>;
  /** Calls the sandbox's own routes. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Everything in the outbox. */
  outbox(): Promise<readonly OutboxMessage[]>;
  /** The trail's records, oldest first. */
  records<Kind extends RecordKind = RecordKind>(
    filter?: TrailFilter & { readonly kind?: Kind },
  ): Promise<readonly StoredRecord<Kind>[]>;
  /** Ends the gateway and starts another one on the same trail. */
  restart(): Promise<void>;
  /** Starts one more gateway on the same trail; it ends with the test. */
  startAnother(): Promise<RunningGateway>;
}

/** One delivered email, as `/sandbox/outbox` shows it. */
export interface OutboxMessage {
  readonly id: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly markdown: string;
  readonly idempotency_key: string | null;
}

/** How to call. */
export interface CallOptions {
  /** URL of another gateway than the first. */
  readonly at?: string;
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer of the REST door. */
export interface RestAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly body: any;
  readonly headers: Headers;
}

/** What a test wants of its gateway other than the usual. */
export interface StackOptions {
  /** How often mailboxes are looked at, in milliseconds. */
  readonly refreshMs?: number;
  /** Stands between the gateway and the sandbox: takes the sandbox's URL and gives its own. */
  readonly between?: (sandboxUrl: string) => Promise<string>;
  /** The trail is there, and not in the folder. */
  readonly databaseUrl?: string;
  /** More of the environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Starts a stack for one test, and ends it with the test. */
export async function startStack(
  t: TestContext,
  teams: TeamTexts,
  sandboxOptions: SandboxOptions = {},
  { refreshMs, between, databaseUrl, variables }: StackOptions = {},
): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), "countersign-"));
  const { teams: keyedTeams, keys } = withFreshKeys(teams);
  const policies = linkTeams(keyedTeams);
  const sandbox = await startSandbox({ scanMs: 5, ...sandboxOptions, policies });
  const lead = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.oversightKey });
  const settings = parseEnv({
    PORT: "0",
    DATA_DIR: dataDir,
    MULTIMAIL_API_URL: (await between?.(sandbox.url)) ?? sandbox.url,
    MULTIMAIL_WEBHOOK_SECRET: sandbox.webhookSecret,
    LOG_LEVEL: "fatal",
    DATABASE_URL: databaseUrl,
    ...variables,
  });
  const env = { MULTIMAIL_API_KEY: sandbox.apiKey };
  const start = () =>
    startGateway({ settings, policies, env, ...(refreshMs !== undefined && { refreshMs }) });
  let gateway = await start();
  const others: RunningGateway[] = [];
  t.after(async () => {
    await Promise.all([gateway, ...others].map((one) => one.close()));
    await lead.close();
    await sandbox.close();
    await rm(dataDir, { recursive: true });
  });
  const control = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json" },
      }),
    });
    return response.json();
  };
  const keyOf = (assistant: string) => keys.get(assistant) ?? "csk_nobody";
  return {
    get gateway() {
      return gateway;
    },
    sandbox,
    lead,
    dataDir,
    keyOf,
    control,
    call: async (method, path, { as, body, headers = {}, at = gateway.url } = {}) => {
      const response = await fetch(`${at}${path}`, {
        method,
        headers: {
          ...(as !== undefined && { Authorization: `Bearer ${keyOf(as)}` }),
          ...(body !== undefined && { "Content-Type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text === "" ? undefined : JSON.parse(text),
        headers: response.headers,
      };
    },
    outbox: async () => ((await control("GET", "/sandbox/outbox")) as { messages: OutboxMessage[] }).messages,
    records: async <Kind extends RecordKind>(filter?: TrailFilter & { readonly kind?: Kind }) => {
      const trail = await openTrailAt(settings, { readonly: true });
      const records: StoredRecord<Kind>[] = [];
      for await (const record of trail.records(filter)) records.push(record);
      await trail.close();
      return records;
    },
    restart: async () => {
      await gateway.close();
      gateway = await start();
    },
    startAnother: async () => {
      const another = await start();
      others.push(another);
      return another;
    },
  };
}
