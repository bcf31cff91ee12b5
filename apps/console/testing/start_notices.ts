import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { PolicySet } from "@countersign/core/policy";
import type { EmailSummary } from "@countersign/multimail";
import type { TrailRecord, TrailStore } from "@countersign/trail";
import { openTrailAt } from "@countersign/trail/open";
import { pino } from "pino";
import { Notices } from "../notices/notices.ts";
import type { IncomingMail } from "../waiting/incoming_mail.ts";
import { WaitingEmails } from "../waiting/waiting_emails.ts";
import { type HeldSample, heldEntries, rejectedEntry } from "./held_records.ts";
import { NOON, policiesOf } from "./start_test_console.ts";

/** Notices of consoles on one trail, with a clock that the test moves. */
export interface TestNotices {
  readonly trail: TrailStore;
  readonly notices: Notices;
  /** Whatever they logged. */
  readonly logged: string[];
  /** Another console on the same trail; `dies`: when it is on record that a notice leaves, or as soon as it has left. */
  open(options?: { readonly dies?: "before_post" | "after_post" }): Promise<Notices>;
  /** So many emails of a team come to wait now. */
  hold(...emails: readonly Partial<HeldSample>[]): Promise<void>;
  /** What MultiMail says of received email that waits for finance: ids, and when each came in. */
  readonly received: { id: string; at: number }[];
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
  const received: { id: string; at: number }[] = [];
  const incoming: Pick<IncomingMail, "list"> = {
    list: async (asked) => ({
      emails: asked
        .filter(({ team }) => team === "finance")
        .flatMap(({ team }) =>
          received.map(({ id, at }) => ({
            team,
            email: { id, receivedAt: new Date(at).toISOString() } as EmailSummary,
          })),
        ),
      ...{ unknown: [], more: [] },
    }),
  };
  const open: TestNotices["open"] = async ({ dies } = {}) => {
    const waiting = new WaitingEmails({ trail, log, keys: [] });
    await waiting.start();
    const notices = new Notices({
      ...{ trail: dies === undefined ? trail : dyingTrail(trail, dies), waiting, incoming },
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
    ...{ trail, notices, logged, open, records, received },
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
      await console.look();
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

/** The trail to whoever dies: once it is on record that a notice leaves, or before it is on record what became of it. */
function dyingTrail(trail: TrailStore, when: "before_post" | "after_post"): TrailStore {
  const never = () => new Promise<never>(() => undefined);
  const tryAppend: TrailStore["tryAppend"] = async (entry) => {
    const appended = await trail.tryAppend(entry);
    return entry.kind === "notice" && (entry.data as { result?: string }).result === "sending"
      ? never()
      : appended;
  };
  return new Proxy(trail, {
    get: (target, name) => {
      if (name === "append" && when === "after_post") return never;
      if (name === "tryAppend" && when === "before_post") return tryAppend;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
