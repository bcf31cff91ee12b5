import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { PolicySet } from "@countersign/core/policy";
import type { TrailRecord, TrailStore } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";
import { pino } from "pino";
import { Notices } from "../notices/notices.ts";
import { WaitingEmails } from "../waiting/waiting_emails.ts";
import { type HeldSample, heldEntries, rejectedEntry } from "./held_records.ts";
import { NOON, policiesOf } from "./start_test_console.ts";

/** Notices of consoles on one trail, with a clock that the test moves. */
export interface TestNotices {
  readonly trail: TrailStore;
  readonly notices: Notices;
  /** Whatever they logged. */
  readonly logged: string[];
  /** Another console on the same trail; `dies`: as soon as it has sent a notice. */
  open(options?: { readonly dies?: boolean }): Promise<Notices>;
  /** So many emails of a team come to wait now. */
  hold(...emails: readonly Partial<HeldSample>[]): Promise<void>;
  /** Somebody rejects an email now. */
  reject(receipt: string): Promise<void>;
  /** Lets time pass, in milliseconds, and what is due be told. */
  after(ms: number, console?: Notices): Promise<void>;
  now(): number;
  setTeams(teams: Readonly<Record<string, string>>): void;
  /** What is on record of notices: `asked 2`, `sending 2 #1`, `failed http_500`. */
  records(): Promise<readonly TrailRecord<"notice">[]>;
  told(): Promise<readonly string[]>;
}

/** How they are started. */
export interface StartNoticesOptions {
  readonly teams: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Starts notices for one test, and ends them with the test. */
export async function startNotices(
  t: Pick<TestContext, "after">,
  { teams, env, timeoutMs = 2_000 }: StartNoticesOptions,
): Promise<TestNotices> {
  const dataDir = await mkdtemp(join(tmpdir(), "countersign-"));
  const trail = await openTrailAt({ dataDir });
  let policies: PolicySet = policiesOf(teams);
  let now = NOON;
  const logged: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => void logged.push(line) });
  const ends: (() => Promise<void>)[] = [];
  const open: TestNotices["open"] = async ({ dies = false } = {}) => {
    const waiting = new WaitingEmails({ trail, log, keys: [] });
    await waiting.start();
    const notices = new Notices({
      ...{ trail: dies ? dyingTrail(trail) : trail, waiting },
      ...{ log, timeoutMs, allowLoopback: true, env },
      ...{ policies: () => policies, clock: () => now, consoleUrl: "https://console.acme.example" },
    });
    ends.push(
      () => notices.stop(),
      () => waiting.stop(),
    );
    return notices;
  };
  const notices = await open();
  t.after(async () => {
    for (const end of ends) await end();
    await trail.close();
    await rm(dataDir, { recursive: true });
  });
  let held = 0;
  const records = async () => {
    const found: TrailRecord<"notice">[] = [];
    for await (const { record } of trail.records({ kind: "notice" })) found.push(record);
    return found;
  };
  const samples = new Map<string, HeldSample>();
  return {
    ...{ trail, notices, logged, open, records },
    hold: async (...emails) => {
      const all = emails.map((email): HeldSample => {
        const receipt = email.receipt ?? `rcp_${String(held++).padStart(6, "0")}`;
        const sample = { receipt, team: "finance", assistant: "invoice-chaser", at: now, ...email };
        samples.set(receipt, sample);
        return sample;
      });
      await trail.appendAll(all.flatMap((sample) => heldEntries(sample)));
    },
    reject: async (receipt) => {
      const sample = samples.get(receipt);
      if (sample !== undefined) await trail.append(rejectedEntry(sample, now));
    },
    after: async (ms, console = notices) => {
      now += ms;
      await console.pass();
    },
    now: () => now,
    setTeams: (texts) => {
      policies = policiesOf(texts);
    },
    told: async () =>
      (await records()).map(({ data }) =>
        [
          data.result,
          ...(data.result === "failed" ? [data.code, data.retry_at === null ? "given up" : "again"] : []),
          ...(data.result === "dropped" || data.result === "failed" ? [] : [data.about, data.emails]),
          ...(data.attempt > 1 ? [`#${data.attempt}`] : []),
          ...(data.unsure ? ["unsure"] : []),
        ].join(" "),
      ),
  };
}

/** The trail to whoever dies before anything is appended without a claim: what became of a notice. */
function dyingTrail(trail: TrailStore): TrailStore {
  return new Proxy(trail, {
    get: (target, name) => {
      if (name === "append") return () => new Promise(() => undefined);
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
