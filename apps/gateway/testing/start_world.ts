import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { parseReply, parseSend } from "@countersign/core/action";
import type { PolicySet, TeamPolicy } from "@countersign/core/policy";
import { Inspector } from "@countersign/documents";
import { LiveMailboxes } from "@countersign/lifecycle";
import { linkTeams, type TeamTexts } from "@countersign/lifecycle/testing/link-teams";
import { withFreshKeys } from "@countersign/lifecycle/testing/with-fresh-keys";
import { MultiMailClient } from "@countersign/multimail";
import { type RunningSandbox, startSandbox } from "@countersign/sandbox";
import type { OutcomeData, StoredRecord } from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";
import { pino } from "pino";
import type { Asker } from "../enforce/call.ts";
import { handle } from "../enforce/handle.ts";
import { newReceipt } from "../enforce/new_receipt.ts";
import type { Outcome } from "../enforce/outcome.ts";
import type { AcceptedEmailRef, World } from "../enforce/world.ts";
import { Metrics } from "../operations/metrics.ts";
import type { FailPoint } from "../record/fail_point.ts";
import type { OutboxMessage } from "./start_stack.ts";

/** The world behind the doors, with a sandbox and a trail of its own and a clock that the test moves. */
export interface TestWorld {
  readonly world: World & { readonly metrics: Metrics };
  readonly sandbox: RunningSandbox;
  /** MultiMail, as the gateway asks it. */
  readonly multimail: MultiMailClient;
  /** What MultiMail was found to have taken, so far. */
  readonly accepted: readonly AcceptedEmailRef[];
  /** Of what nobody knows whether MultiMail took it. */
  readonly unknown: readonly string[];
  /** Lets time pass, in milliseconds. */
  advance(ms: number): void;
  /** Another gateway on the same trail, sandbox and clock. */
  another(): World;
  /** Puts other policies in force. */
  setTeams(teams: TeamTexts): void;
  /** A team's assistant asks for an email: a reply when the body has a `message_id`. */
  ask(as: string, body: Readonly<Record<string, unknown>>, world?: World, by?: AskedBy): Promise<Outcome>;
  /** The same, but the gateway dies at `point`. The intent that it leaves open. */
  askAndDie(
    as: string,
    body: Readonly<Record<string, unknown>>,
    point: FailPoint,
    by?: AskedBy,
  ): Promise<StoredRecord<"intent">>;
  /** Calls the sandbox's own routes. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  outbox(): Promise<readonly OutboxMessage[]>;
  /** What is on record of a receipt, oldest first. */
  outcomes(receipt: string | null): Promise<readonly OutcomeData[]>;
}

/** Who asks the assistant, signed in, and with which of its keys. */
export type AskedBy = Pick<Asker, "person"> & { readonly key?: string };

/** Noon of a Monday. */
const START = Date.parse("2026-03-02T12:00:00Z");

/** Starts a world for one test, and ends it with the test. */
export async function startWorld(t: TestContext, teams: TeamTexts): Promise<TestWorld> {
  const dir = await mkdtemp(join(tmpdir(), "countersign-"));
  let now = START;
  const clock = () => now;
  let policies: PolicySet = linkTeams(withFreshKeys(teams).teams);
  const sandbox = await startSandbox({ policies, now: clock, scanMs: 0 });
  const multimail = new MultiMailClient({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
  const trail = await openSqliteTrail(join(dir, "trail.sqlite"));
  const log = pino({ level: "silent" });
  const inspector = new Inspector();
  const accepted: AcceptedEmailRef[] = [];
  const unknown: string[] = [];
  t.after(async () => {
    await multimail.close();
    await inspector.close();
    await trail.close();
    await sandbox.close();
    await rm(dir, { recursive: true });
  });
  const clientFor = (_: TeamPolicy) => multimail;
  const another = (): TestWorld["world"] => ({
    policies: () => policies,
    trail,
    live: new LiveMailboxes({ clientFor, clock, log }),
    inspector,
    clientFor,
    clock,
    newReceipt,
    log,
    metrics: new Metrics(),
    inFlight: new Set(),
    onAccepted: (email) => accepted.push(email),
    onUnknown: (receipt) => unknown.push(receipt),
    stopOf: () => undefined,
    noticesOf: () => [],
    noteRelease: async () => undefined,
    look: async () => undefined,
  });
  const world = another();
  const ask = (
    as: string,
    body: Readonly<Record<string, unknown>>,
    by: World = world,
    { key, ...person }: AskedBy = {},
  ) => {
    const [team = "", assistant = ""] = as.split("/");
    const action = "message_id" in body ? parseReply(body) : parseSend(body);
    const call = {
      id: randomUUID(),
      door: "rest",
      caller: { team, assistant, ...(key !== undefined && { key }) },
      ...person,
      action,
      receivedAt: now,
    } as const;
    return handle(call, by);
  };
  const control = async (method: string, path: string, body?: unknown) => {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers }),
    });
    return response.json();
  };
  return {
    world,
    sandbox,
    multimail,
    accepted,
    unknown,
    advance: (ms) => {
      now += ms;
    },
    another,
    setTeams: (texts) => {
      policies = linkTeams(withFreshKeys(texts).teams);
    },
    ask,
    askAndDie: async (as, body, point, asker) => {
      const open = new Set((await trail.openIntents()).map(({ record }) => record.receipt));
      const died = new Error("Died");
      const failPoint = (passed: FailPoint) => {
        if (passed === point) throw died;
      };
      const outcome = await ask(as, body, { ...another(), failPoint }, asker).catch((error: unknown) => {
        if (error !== died) throw error;
      });
      const left = (await trail.openIntents()).find(({ record }) => !open.has(record.receipt));
      if (left === undefined) throw new Error(`No intent was left open: ${JSON.stringify(outcome)}`);
      return left;
    },
    control,
    outbox: async () => ((await control("GET", "/sandbox/outbox")) as { messages: OutboxMessage[] }).messages,
    outcomes: async (receipt) =>
      (await trail.recordsOf(receipt ?? "")).flatMap(({ record }) =>
        record.kind === "outcome" ? [record.data] : [],
      ),
  };
}
