import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";

/** How many processes are started before they are needed. */
const WARM = 3;

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** How a fleet's processes are started. */
export interface GatewayFleetOptions {
  /** What node runs. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One gateway process from its beginning to its end. */
export interface GatewayLife {
  /** Resolves when it serves; undefined: it died before. */
  readonly serving: Promise<string | undefined>;
  /** Resolves when it has ended, with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
  /** `SIGKILL` takes it away in the middle of whatever it does. */
  kill(signal: NodeJS.Signals): void;
}

/** Gateway processes that are killed one after the other. Those that come next are loaded while one still lives. */
export class GatewayFleet {
  readonly #options: GatewayFleetOptions;
  /** Resolved when they are loaded. */
  readonly #warm: Promise<Child>[] = [];
  readonly #all = new Set<Child>();
  readonly #urls = new Set<string>();
  readonly #waiting = new Set<(url: string) => void>();
  #isClosed = false;

  constructor(options: GatewayFleetOptions) {
    this.#options = options;
    for (let n = 0; n < WARM; n++) this.#warm.push(this.#spawn());
  }

  /** Lets the next process open the trail and serve; it kills itself at the fail point, if there is one. */
  async start(failPoint = ""): Promise<GatewayLife> {
    if (this.#isClosed) throw new Error("Cannot start a gateway: the fleet is closed");
    this.#warm.push(this.#spawn());
    const child = await (this.#warm.shift() ?? this.#spawn());
    let url: string | undefined;
    const ended = once(child, "exit").then(([, signal]) => {
      this.#all.delete(child);
      if (url !== undefined) this.#urls.delete(url);
      return signal as NodeJS.Signals | null;
    });
    const printed = once(child.stdout, "data").then(([data]) => {
      url = String(data).trim();
      this.#urls.add(url);
      for (const resolve of this.#waiting) resolve(url);
      this.#waiting.clear();
      return url;
    });
    child.stdin.write(`${failPoint}\n`);
    return {
      serving: Promise.race([printed, ended.then(() => undefined)]),
      ended,
      kill: (signal) => void child.kill(signal),
    };
  }

  /** A gateway that serves, as soon as there is one. */
  url(): string | Promise<string> {
    const urls = [...this.#urls];
    return (
      urls[Math.floor(Math.random() * urls.length)] ??
      new Promise((resolve) => {
        this.#waiting.add(resolve);
      })
    );
  }

  /** Ends every process that is left. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const ended = [...this.#all].map((child) => once(child, "exit"));
    for (const child of this.#all) child.kill("SIGKILL");
    await Promise.all(ended);
  }

  async #spawn(): Promise<Child> {
    const { program, env } = this.#options;
    const child = spawn(process.execPath, [program], { env, stdio: ["pipe", "pipe", "inherit"] });
    // A line for one that was killed is lost, and that is all.
    child.stdin.on("error", () => {});
    this.#all.add(child);
    const failed = once(child, "exit").then(() => {
      if (!this.#isClosed) throw new Error("A gateway ended before it was loaded");
    });
    await Promise.race([once(child.stdout, "data"), failed]);
    return child;
  }
}
