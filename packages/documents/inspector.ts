import { Worker } from "node:worker_threads";
import type { Inspection, ScanOrder } from "@countersign/core/decision";
import type { InspectJob } from "./inspect.ts";

/** How much an `Inspector` may take. */
export interface InspectorOptions {
  /** Threads; one team has at most all but one of them. Default: 2. */
  readonly threads?: number;
  /** For one email, in milliseconds, from when a thread takes it. Default: 15,000. */
  readonly timeoutMs?: number;
  /** For one email to be taken, in milliseconds. Default: 15,000. */
  readonly patienceMs?: number;
  /** Megabytes of heap for one thread. Default: 512. */
  readonly maxHeapMb?: number;
}

/** Emails that wait for a thread; more are not looked through. */
const MAX_WAITING = 200;
/** For a thread to begin, which compiles what it needs. */
const START_MS = 60_000;
/** Characters, times the patterns that they are held against, that `decide` looks through by itself in a few milliseconds. */
const SMALL = 60_000;

interface Waiting {
  readonly job: InspectJob;
  readonly team: string;
  readonly settle: (inspection: Inspection) => void;
  readonly patience: NodeJS.Timeout;
}

/** Looks through email in threads of its own, which can be stopped: whatever an email holds, others go on being served. */
export class Inspector {
  readonly #options: Required<InspectorOptions>;
  readonly #waiting: Waiting[] = [];
  readonly #idle: Worker[] = [];
  /** Teams whose email is looked through right now, one entry each. */
  readonly #busy: string[] = [];
  readonly #threads = new Set<Worker>();
  #closed = false;

  constructor({
    threads = 2,
    timeoutMs = 15_000,
    patienceMs = 15_000,
    maxHeapMb = 512,
  }: InspectorOptions = {}) {
    this.#options = { threads, timeoutMs, patienceMs, maxHeapMb };
  }

  /**
   * Looks through an email; `undefined` when it is so small, and without attachments, that `decide` does that better by
   * itself. Never rejects: what could not be looked through in time is not known.
   */
  async inspect(
    order: ScanOrder,
    { team, now }: { readonly team: string; readonly now: number },
  ): Promise<Inspection | undefined> {
    if (isSmall(order)) return undefined;
    if (this.#closed) return unknown("it ends");
    if (this.#waiting.length >= MAX_WAITING) return unknown("too many wait");
    return new Promise((settle) => {
      const patience = setTimeout(() => this.#giveUp(waiting), this.#options.patienceMs);
      const waiting: Waiting = { job: { ...order, now }, team, settle, patience };
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  /** Ends the threads; email that is looked through right now is not known. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) {
      clearTimeout(waiting.patience);
      waiting.settle(unknown("it ends"));
    }
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
  }

  #giveUp(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    waiting.settle(unknown("no thread was free"));
  }

  #next(): void {
    const { threads } = this.#options;
    if (this.#busy.length >= threads) return;
    // Others find a thread free, however much one team asks for.
    const share = Math.max(1, threads - 1);
    const index = this.#waiting.findIndex(
      ({ team }) => this.#busy.filter((busy) => busy === team).length < share,
    );
    const [waiting] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (waiting === undefined) return;
    clearTimeout(waiting.patience);
    this.#busy.push(waiting.team);
    void this.#run(waiting).then((inspection) => {
      this.#busy.splice(this.#busy.indexOf(waiting.team), 1);
      waiting.settle(inspection);
      this.#next();
    });
  }

  async #run({ job }: Waiting): Promise<Inspection> {
    const thread = this.#idle.pop() ?? this.#start();
    thread.ref();
    const { isReady } = readiness.get(thread) ?? { isReady: false };
    const inspection = await answerOf(thread, job, { ...this.#options, isReady });
    if (inspection === undefined || this.#closed) {
      this.#threads.delete(thread);
      await thread.terminate();
      return inspection ?? unknown("it took too long, or more memory than there is");
    }
    readiness.set(thread, { isReady: true });
    // A thread that waits keeps no process alive.
    thread.unref();
    this.#idle.push(thread);
    return inspection;
  }

  #start(): Worker {
    const thread = new Worker(new URL("./_inspect_thread.js", import.meta.url), {
      execArgv: [],
      // What it reads is a stranger's: it has no business with keys.
      env: process.env.TMPDIR === undefined ? {} : { TMPDIR: process.env.TMPDIR },
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.#options.maxHeapMb },
    });
    thread.stdout.resume();
    thread.stderr.resume();
    // An idle thread that breaks is started anew when it is needed.
    thread.on("error", () => {});
    thread.on("exit", () => {
      this.#threads.delete(thread);
      const index = this.#idle.indexOf(thread);
      if (index >= 0) this.#idle.splice(index, 1);
    });
    this.#threads.add(thread);
    return thread;
  }
}

const readiness = new WeakMap<Worker, { readonly isReady: boolean }>();

/** The thread's answer, or nothing when it breaks or takes too long. */
function answerOf(
  thread: Worker,
  job: InspectJob,
  { timeoutMs, isReady }: { readonly timeoutMs: number; readonly isReady: boolean },
): Promise<Inspection | undefined> {
  return new Promise((resolve) => {
    const end = (inspection: Inspection | undefined) => {
      clearTimeout(timer);
      thread.off("message", onMessage).off("error", onEnd).off("exit", onEnd);
      resolve(inspection);
    };
    const onEnd = () => end(undefined);
    const begin = () => {
      timer = setTimeout(onEnd, timeoutMs);
      thread.postMessage(job);
    };
    const onMessage = (message: Inspection | "ready") => {
      if (message !== "ready") return end(message);
      clearTimeout(timer);
      begin();
    };
    let timer = setTimeout(onEnd, START_MS);
    thread.on("message", onMessage).on("error", onEnd).on("exit", onEnd);
    if (isReady) {
      clearTimeout(timer);
      begin();
    }
  });
}

function isSmall({ draft, detectors }: ScanOrder): boolean {
  const { subject, markdown, attachments } = draft;
  const patterns = detectors.filter(({ kind }) => kind === "pattern").length;
  return attachments.length === 0 && (subject.length + markdown.length) * Math.max(1, patterns) <= SMALL;
}

function unknown(message: string): Inspection {
  return { ok: false, message: `Not looked through: ${message}` };
}
