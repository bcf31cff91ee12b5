import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { loadTeams, parseEnv } from "@countersign/host";
import type { TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { startSandbox } from "@countersign/sandbox";
import type { IntentData, RecordKind, StoredRecord, TrailRecord } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { type RunningGateway, startGateway } from "../start_gateway.ts";
import { type Gate, startGate } from "./start_gate.ts";

/** A gateway that serves from a folder of policies on disk, and the sandbox behind it. */
export interface Folder {
  readonly gateway: RunningGateway;
  /** On the way to the sandbox. */
  readonly gate: Gate;
  readonly teamsDir: string;
  /** The first texts, with keys. */
  readonly teams: TeamTexts;
  /** By `team/assistant`. */
  readonly keys: ReadonlyMap<string, string>;
  write(name: string, text: string): void;
  /** Sends an email; `status` is the HTTP status. */
  send(key: string | undefined, to: string, more?: Readonly<Record<string, unknown>>): Promise<Sent>;
  readyz(): Promise<{ readonly status: number; readonly text: string; readonly policy: string }>;
  metrics(): Promise<string>;
  /** What is on record of policies, oldest first. */
  policyRecords(): Promise<readonly StoredRecord["record"][]>;
  /** Data of every email that was asked for, oldest first. */
  emailsRecorded(): Promise<readonly IntentData[]>;
  /** Everything on record of a receipt. */
  recordsOf(receipt: string): Promise<readonly StoredRecord["record"][]>;
}

/** An answer to a send. */
export interface Sent {
  readonly status: number;
  readonly code?: string;
  readonly receipt?: string;
}

/** Starts a folder's gateway for one test, and ends it with the test. `more` mailboxes are at MultiMail already. */
export async function startFolder(t: TestContext, teams: TeamTexts, more: TeamTexts = {}): Promise<Folder> {
  const dir = mkdtempSync(join(tmpdir(), "countersign-"));
  const [dataDir, teamsDir] = [join(dir, "data"), join(dir, "teams")];
  const keyed = withFreshKeys(teams);
  const write = (name: string, text: string) => writeFileSync(join(teamsDir, name), text);
  mkdirSync(teamsDir);
  for (const [name, text] of Object.entries({ ...keyed.teams, ...more })) write(name, text);
  const sandbox = await startSandbox({ scanMs: 0, policies: await load(teamsDir) });
  for (const name of Object.keys(more)) rmSync(join(teamsDir, name));

  const gate = await startGate(t, sandbox.url);
  const gateway = await startGateway({
    settings: parseEnv({ PORT: "0", DATA_DIR: dataDir, MULTIMAIL_API_URL: gate.url, LOG_LEVEL: "silent" }),
    policies: await load(teamsDir),
    teamsDir,
    env: { MULTIMAIL_API_KEY: sandbox.apiKey, MULTIMAIL_API_KEY_SECOND: sandbox.apiKey },
  });
  t.after(async () => {
    await gateway.close();
    await sandbox.close();
    rmSync(dir, { recursive: true });
  });
  const records = async <Kind extends RecordKind>(filter: {
    readonly kind?: Kind;
    readonly receipt?: string;
  }) => {
    const trail = await openSqliteTrail(join(dataDir, "trail.sqlite"), { readonly: true });
    const found: TrailRecord<Kind>[] = [];
    for await (const { record } of trail.records(filter)) found.push(record);
    await trail.close();
    return found;
  };
  return {
    gateway,
    gate,
    teamsDir,
    teams: keyed.teams,
    keys: keyed.keys,
    write,
    send: async (key, to, more = {}) => {
      const response = await fetch(`${gateway.url}/v1/send`, {
        method: "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        body: JSON.stringify({ to, subject: `Hello ${to}`, body: "Hello there", ...more }),
      });
      return { ...((await response.json()) as object), status: response.status };
    },
    readyz: async () => {
      const response = await fetch(`${gateway.url}/readyz`);
      const text = await response.text();
      return { status: response.status, text, policy: JSON.parse(text).policy };
    },
    metrics: async () => (await fetch(`${gateway.url}/metrics`)).text(),
    policyRecords: () => records({ kind: "policy" }),
    emailsRecorded: async () => (await records({ kind: "intent" })).map(({ data }) => data),
    recordsOf: (receipt) => records({ receipt }),
  };
}

/** Waits for something that happens by itself. */
export async function until(holds: () => boolean | Promise<boolean>, what = "it"): Promise<void> {
  for (const end = Date.now() + 30_000; !(await holds()); await sleep(20)) {
    if (Date.now() > end) throw new Error(`Waited 30 s in vain for ${what}`);
  }
}

async function load(dir: string) {
  const loaded = await loadTeams(dir);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.policies;
}
