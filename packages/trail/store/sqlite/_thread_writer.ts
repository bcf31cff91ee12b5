import { serialize } from "node:v8";
import { Worker } from "node:worker_threads";
import { TrailUnavailableError } from "../trail_unavailable_error.ts";
import type { Order, Written } from "./_order.ts";
import type { WriteAnswer, WriteCall } from "./_serve_writes.ts";
import type { Writer } from "./_writer.ts";

/** Which database a thread writes to. */
export interface ThreadWriterOptions {
  readonly path: string;
  /** For how long another process' lock is waited for, in milliseconds. */
  readonly busyTimeoutMs: number;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const MAX_YOUNG_MB = 12;

/** Threads whose trail was closed: the next one that is opened has no start to pay for. */
const idle: Worker[] = [];

/** Writes in a thread, which has a connection of its own: whoever calls never waits for the disk. */
export class ThreadWriter implements Writer {
  readonly #options: ThreadWriterOptions;
  #thread: Worker | undefined;
  /** The calls that are not answered, in their order. */
  #waiting: Waiting[] = [];
  #isClosed = false;

  /** Begins to start the thread: calls that come before it is up wait for it. */
  constructor(options: ThreadWriterOptions) {
    this.#options = options;
    this.#thread = this.#start();
  }

  /** Hands the orders over as bytes, which change hands: the port itself takes them apart in six times the time. */
  async append(orders: readonly Order[]): Promise<readonly Written[]> {
    const bytes = serialize(orders);
    return (await this.#call(["append", bytes], [bytes.buffer])) as readonly Written[];
  }

  async replaceNote(seq: number, note: string): Promise<void> {
    await this.#call(["replaceNote", seq, note]);
  }

  async emptyLog(): Promise<boolean> {
    return (await this.#call(["emptyLog"])) as boolean;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    // A thread that broke has no database open.
    const closed = this.#thread && this.#post(this.#thread, ["close"]).catch(() => {});
    this.#isClosed = true;
    await closed;
    if (this.#thread !== undefined) keepIdle(this.#thread);
    this.#thread = undefined;
  }

  /** A thread that broke is started anew, with the next call. */
  #call(call: WriteCall, transferred: readonly ArrayBuffer[] = []): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new Error("it is closed"));
    this.#thread ??= this.#start();
    return this.#post(this.#thread, call, transferred);
  }

  #post(thread: Worker, call: WriteCall, transferred: readonly ArrayBuffer[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      thread.postMessage(call, transferred);
      this.#waiting.push({ resolve, reject });
      // While it is waited for; one that is idle keeps no process alive.
      thread.ref();
    });
  }

  #start(): Worker {
    const thread = idle.pop() ?? startThread();
    let isOpen = false;
    const breaks = (cause?: unknown) => this.#break(thread, { isOpen, cause });
    thread.removeAllListeners();
    // One that broke may have answered before: that is nobody's answer any more.
    thread.on("message", (answer: WriteAnswer) => this.#thread === thread && this.#settle(answer));
    thread.on("error", breaks).on("exit", () => breaks());
    const { path, busyTimeoutMs } = this.#options;
    this.#post(thread, ["open", path, busyTimeoutMs]).then(
      () => {
        isOpen = true;
      },
      (cause: unknown) => {
        breaks(cause);
        void thread.terminate();
      },
    );
    return thread;
  }

  #settle(answer: WriteAnswer): void {
    const waiting = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#thread?.unref();
    if ("value" in answer) waiting?.resolve(answer.value);
    else waiting?.reject(errorOf(answer));
  }

  /**
   * Answers everybody who waits. What was being written may be on disk: all of it, or nothing. Nobody acts on an intent
   * of which that is not known: either it is not there, or it is open, and asked about by whoever looks after open ones.
   */
  #break(thread: Worker, { isOpen, cause }: { readonly isOpen: boolean; readonly cause: unknown }): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    const why = cause instanceof Error ? cause.message : String(cause ?? "it has ended");
    const message = isOpen
      ? `Cannot find out whether the trail has what was appended last: the thread that writes it failed: ${why}`
      : `Cannot write to the trail: the thread that writes it cannot start: ${why}`;
    for (const { reject } of this.#waiting.splice(0)) reject(new TrailUnavailableError(message, { cause }));
  }
}

function errorOf({ message, code }: Extract<WriteAnswer, { readonly message: string }>): Error {
  return Object.assign(new Error(message), code !== undefined && { code });
}

function keepIdle(thread: Worker): void {
  thread.removeAllListeners();
  thread.unref();
  idle.push(thread);
  const drop = () => {
    const index = idle.indexOf(thread);
    if (index >= 0) idle.splice(index, 1);
  };
  thread.on("error", drop).on("exit", drop);
}

function startThread(): Worker {
  const name = import.meta.url.endsWith(".ts") ? "./_write_thread.js" : "./_serve_writes.js";
  return new Worker(new URL(name, import.meta.url), {
    execArgv: [],
    // It has no business with keys.
    env: process.env.TMPDIR === undefined ? {} : { TMPDIR: process.env.TMPDIR },
    // What it is handed is over with the next commit; with as much room as usual it would take it all.
    resourceLimits: { maxYoungGenerationSizeMb: MAX_YOUNG_MB },
  });
}
