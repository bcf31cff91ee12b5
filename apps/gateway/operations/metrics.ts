import type { NotifyChannel, PolicySet } from "@countersign/core/policy";
import { type MultiMailCall, MultiMailError } from "@countersign/multimail";
import type { AppendResult, LifecycleData, NoticeData, TrailStore } from "@countersign/trail";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Call } from "../enforce/call.ts";
import type { Outcome } from "../enforce/outcome.ts";
import { MAILBOX_STATES, type MailboxState } from "./mailbox_state.ts";
import { withAppend } from "./with_append.ts";

/** What became of a reload of the policies. */
export const RELOAD_RESULTS = ["loaded", "unchanged", "refused", "failed"] as const;

/** What became of a reload: `refused` is the policies' fault, `failed` the gateway's. */
export type ReloadResult = (typeof RELOAD_RESULTS)[number];

/** What became of a look whether to sign the trail. */
export const CHECKPOINT_RESULTS = ["signed", "unchanged", "refused", "failed"] as const;

/** A look whether to sign the trail. */
export interface CheckpointReport {
  readonly result: (typeof CHECKPOINT_RESULTS)[number];
  /** Of the latest checkpoint's tree, when all is signed. */
  readonly size?: number;
  /** Kinds of places that could not be reached. */
  readonly failures: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What is only known when somebody asks. */
export interface Snapshot {
  readonly openIntents: number;
  readonly mailboxes: Readonly<Record<MailboxState, number>>;
  /** How long ago the mailbox was seen that was seen longest ago, in seconds. */
  readonly oldestMailboxSeconds: number;
}

/** Seconds: from a local fsync to MultiMail's timeout. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * What the gateway counts for Prometheus. Labels are names from closed lists: no team (there may be 10,000), nobody's
 * address, no key. Who did what is in the trail.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #calls = this.#counter("calls_total", "Calls of assistants, by what came of them", [
    "door",
    "action",
    "effect",
    "code",
  ]);
  readonly #callSeconds = this.#histogram("call_duration_seconds", "How long a call took", [
    "door",
    "action",
  ]);
  readonly #denials = this.#counter("denials_total", "Denied calls, by each rule that denied", ["rule"]);
  readonly #refused = this.#counter(
    "refused_callers_total",
    "Requests without a valid key, or too many of them",
    ["door", "code"],
  );
  readonly #multimail = this.#histogram(
    "multimail_call_duration_seconds",
    "How long MultiMail took, by what came of it",
    ["call", "outcome"],
  );
  readonly #appends = this.#histogram(
    "trail_append_duration_seconds",
    "How long until a record was on disk, by what came of it",
    ["result"],
  );
  readonly #openIntents = this.#gauge("open_intents", "Emails of which nobody knows yet whether they left");
  readonly #reloads = this.#counter("policy_reloads_total", "Reloads of the policies", ["result"]);
  readonly #policyInfo = this.#gauge("policy_info", "The policies in force, by their hash", ["hash"]);
  readonly #policyTeams = this.#gauge("policy_teams", "Teams with a policy in force");
  readonly #policyLoaded = this.#gauge(
    "policy_loaded_timestamp_seconds",
    "When the policies in force were loaded",
  );
  readonly #policyProblems = this.#gauge(
    "policy_problems",
    "What keeps the policies that were last read from coming in force; 0: they are",
  );
  readonly #mailboxes = this.#gauge("mailboxes", "Mailboxes, by what MultiMail says of them", ["state"]);
  readonly #decisions = this.#counter(
    "decisions_total",
    "Emails that somebody decided on at MultiMail, by who that is to the team: approver, other, or unknown",
    ["decision", "by"],
  );
  readonly #leftOutsideHours = this.#counter(
    "left_outside_hours_total",
    "Emails that were held, approved late, and left outside their team's hours",
    [],
  );
  readonly #notices = this.#counter(
    "notices_total",
    "Attempts to tell people that email waits, of all consoles and gateways on the trail, by what came of them",
    ["over", "result"],
  );
  readonly #noticeChannels = this.#gauge(
    "notice_channels",
    "Channels by which people are told that email waits, by whether they took the last notice",
    ["over", "state"],
  );
  readonly #oldestMailbox = this.#gauge(
    "mailbox_oldest_look_seconds",
    "How long ago the mailbox was seen that was seen longest ago",
  );

  readonly #checkpointRuns = this.#counter("checkpoint_runs_total", "Looks whether to sign the trail", [
    "result",
  ]);
  readonly #checkpointFailures = this.#counter(
    "checkpoint_failures_total",
    "Checkpoints that could not be put somewhere, or were not cosigned",
    ["to"],
  );
  readonly #checkpointSize = this.#gauge("checkpoint_size", "Records that the latest checkpoint is about");
  readonly #checkpointAt = this.#gauge(
    "checkpoint_timestamp_seconds",
    "When this gateway last saw all signed",
  );
  readonly #checkpointAlarm = this.#gauge(
    "checkpoint_alarm",
    "1: the trail does not extend what was signed, and is not signed any more",
  );

  constructor() {
    for (const result of CHECKPOINT_RESULTS) this.#checkpointRuns.inc({ result }, 0);
    // A rate needs to start from somewhere.
    for (const result of RELOAD_RESULTS) this.#reloads.inc({ result }, 0);
    for (const decision of ["approved", "rejected"])
      for (const by of ["approver", "other", "unknown"]) this.#decisions.inc({ decision, by }, 0);
    this.#leftOutsideHours.inc(0);
  }

  /** Counts a call and what came of it. */
  async call(call: Call, work: () => Promise<Outcome>): Promise<Outcome> {
    const labels = { door: call.door, action: call.action.name };
    const end = this.#callSeconds.startTimer(labels);
    try {
      const outcome = await work();
      this.#calls.inc({ ...labels, effect: outcome.kind, code: codeOf(outcome) });
      if (outcome.kind === "denied") this.#countDenial(outcome.decision.findings);
      return outcome;
    } catch (error) {
      this.#calls.inc({ ...labels, effect: "failed", code: "internal_error" });
      throw error;
    } finally {
      end();
    }
  }

  /** Counts what is new about an email that MultiMail took. */
  happened({
    event,
    decided_by,
    outside_hours,
  }: Pick<LifecycleData, "event" | "decided_by" | "outside_hours">): void {
    if (decided_by !== undefined) this.#decisions.inc({ decision: event, by: decided_by });
    if (outside_hours) this.#leftOutsideHours.inc();
  }

  /** Counts what became of notices, as records came in, and how the channels do. */
  noticed(
    notices: readonly Pick<NoticeData, "over" | "result">[],
    channels: readonly { readonly kind: NotifyChannel["kind"]; readonly isFailing: boolean }[],
  ): void {
    for (const { over, result } of notices)
      if (result === "sent" || result === "failed") this.#notices.inc({ over, result });
    this.#noticeChannels.reset();
    for (const { kind } of channels)
      for (const state of ["works", "fails"]) this.#noticeChannels.inc({ over: kind, state }, 0);
    for (const { kind, isFailing } of channels)
      this.#noticeChannels.inc({ over: kind, state: isFailing ? "fails" : "works" });
  }

  /** Counts a caller without a valid key. */
  refusedCaller(door: string, code: string): void {
    this.#refused.inc({ door, code });
  }

  /** Makes a call to MultiMail, and times it. */
  async multimailCall<T>({ name }: MultiMailCall, make: () => Promise<T>): Promise<T> {
    const end = this.#multimail.startTimer({ call: name });
    let outcome = "ok";
    try {
      return await make();
    } catch (error) {
      outcome = error instanceof MultiMailError ? error.code : "error";
      throw error;
    } finally {
      end({ outcome });
    }
  }

  /** The trail with every append timed. */
  timedTrail(trail: TrailStore): TrailStore {
    return withAppend(trail, (append) => this.#timeAppend(append));
  }

  /** Notes how a reload of the policies ended, and how many problems keep what was read from coming in force. */
  reloaded(result: ReloadResult, problems: number): void {
    this.#reloads.inc({ result });
    this.#policyProblems.set(problems);
  }

  /** Notes the policies that are in force from now on; `at` in epoch milliseconds. */
  inForce({ hash, teams }: PolicySet, at: number): void {
    this.#policyInfo.reset();
    this.#policyInfo.set({ hash }, 1);
    this.#policyTeams.set(teams.size);
    this.#policyLoaded.set(at / 1000);
  }

  /** Notes what became of a look whether to sign the trail; `at` in epoch milliseconds. */
  checkpoint({ result, size, failures, at }: CheckpointReport): void {
    this.#checkpointRuns.inc({ result });
    for (const to of failures) this.#checkpointFailures.inc({ to });
    if (result !== "failed") this.#checkpointAlarm.set(result === "refused" ? 1 : 0);
    if (size === undefined) return;
    this.#checkpointSize.set(size);
    this.#checkpointAt.set(at / 1000);
  }

  /** Everything in Prometheus' text format. */
  text(now: Snapshot): Promise<string> {
    this.#openIntents.set(now.openIntents);
    for (const state of MAILBOX_STATES) this.#mailboxes.set({ state }, now.mailboxes[state]);
    this.#oldestMailbox.set(now.oldestMailboxSeconds);
    return Registry.merge([this.#registry, processMetrics()]).metrics();
  }

  async #timeAppend<Result extends AppendResult | readonly AppendResult[]>(
    append: () => Promise<Result>,
  ): Promise<Result> {
    const end = this.#appends.startTimer();
    let result = "failed";
    try {
      const appended = await append();
      const refused = [appended].flat().find(({ ok }) => !ok);
      result = refused === undefined || refused.ok ? "ok" : refused.reason;
      return appended;
    } finally {
      end({ result });
    }
  }

  /** A rule that denies for several reasons counts once. */
  #countDenial(findings: readonly { readonly rule: string; readonly effect: string }[]): void {
    const rules = findings.filter(({ effect }) => effect === "deny").map(({ rule }) => rule);
    for (const rule of new Set(rules)) this.#denials.inc({ rule });
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name: `countersign_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name: `countersign_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, labelNames: string[]): Histogram {
    return new Histogram({
      name: `countersign_${name}`,
      help,
      labelNames,
      buckets: BUCKETS,
      registers: [this.#registry],
    });
  }
}

function codeOf(outcome: Outcome): string {
  if (outcome.kind === "taken") return outcome.status;
  return outcome.kind === "denied" || outcome.kind === "failed" ? outcome.code : "ok";
}

let registry: Registry | undefined;

/** The process's own metrics: processor, memory, event loop lag, garbage collection. One process has them once. */
function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
  }
  return registry;
}
