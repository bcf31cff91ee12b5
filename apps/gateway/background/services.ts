import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";

/** A part of the gateway that begins and ends with it. */
export interface Service {
  /** Absent: it is there, and has nothing to begin. */
  readonly start?: () => unknown;
  readonly stop: () => unknown;
  /** When it ends. */
  readonly ends: Stage;
}

/** What ends together. Each stage is over before the next begins to end, but nobody waits for the first to serve no more. */
export type Stage =
  /** What looks for news, so that nothing new begins. */
  | "looking"
  /** What takes requests: those under way are answered. */
  | "serving"
  /** What requests leave to be done. */
  | "working"
  /** What the work relies on. */
  | "keeping"
  /** What has to see all the records. */
  | "signing"
  /** What MultiMail is called with. */
  | "calling"
  /** The trail. */
  | "recording"
  /** What keeps other gateways off. */
  | "locking";

/** How long parts may take to end, once the last request is answered. */
const WORK_MS = 5_000;

/** And how long each stage after them. */
const CLOSE_MS = 1_500;

/** The parts of a gateway: they begin in the order in which they are given, and end in that of their stages. */
export class Services {
  readonly #log: Logger;
  readonly #started: Service[] = [];
  #stopped: Promise<void> | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Starts them, one after the other. When one cannot start, those before it are left for `stop`. */
  async start(...services: readonly Service[]): Promise<void> {
    for (const service of services) {
      await service.start?.();
      this.#started.push(service);
    }
  }

  /** Ends what was started; resolves when all is over or late. Never rejects. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    const looking = this.#end("looking");
    await this.#end("serving");
    const working = Promise.all([looking, this.#end("working")]);
    await this.#within(
      WORK_MS,
      "work",
      working.then(() => this.#end("keeping")),
    );
    await this.#within(CLOSE_MS, "checkpoint", this.#end("signing"));
    await this.#within(CLOSE_MS, "clients", this.#end("calling"));
    await this.#within(CLOSE_MS, "trail", this.#end("recording"));
    await this.#end("locking");
  }

  async #end(stage: Stage): Promise<void> {
    const services = this.#started.filter(({ ends }) => ends === stage);
    for (const result of await Promise.allSettled(services.map(async ({ stop }) => stop())))
      if (result.status === "rejected")
        this.#log.error({ err: result.reason, stage }, "A part of the gateway cannot end as it should");
  }

  /** What cannot end in time, MultiMail being slow for one, is as if the process had died: the next start settles it. */
  async #within(ms: number, what: string, ended: Promise<unknown>): Promise<void> {
    const giveUp = new AbortController();
    const late = sleep(ms, "late", { signal: giveUp.signal }).catch(() => undefined);
    if ((await Promise.race([ended, late])) === "late")
      this.#log.warn({ what }, "The gateway ends before all of it has");
    giveUp.abort();
  }
}
