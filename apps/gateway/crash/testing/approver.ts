import { setTimeout as sleep } from "node:timers/promises";

/** Longer than the console waits for MultiMail. */
const TIMEOUT_MS = 15_000;

/** What the console told an approver. */
export interface ToldDecision {
  readonly receipt: string;
  readonly address: string;
  readonly verdict: string;
  /** `decided`, or why nothing was. */
  readonly result: string;
}

/** How an approver reaches the consoles. */
export interface ApproverOptions {
  readonly address: string;
  /** A console that serves. */
  readonly url: () => string | Promise<string>;
  /** Prints a sign-in link. */
  readonly link: () => Promise<string>;
}

type Answer = { readonly status: number; readonly body: Record<string, unknown> };

/** A person who decides at whichever console lives, as a shell does, and remembers what they saw and were told. */
export class Approver {
  /** `receipt digests` of everything that they were shown. */
  readonly seen: Set<string> = new Set();
  readonly told: ToldDecision[] = [];
  readonly #options: ApproverOptions;
  #token: string | undefined;

  constructor(options: ApproverOptions) {
    this.#options = options;
  }

  /** Receipts of what waits, the oldest first; none: no console could be asked. */
  async pending(): Promise<readonly string[]> {
    const answer = await this.#ask("pending");
    if (answer?.status !== 200) return [];
    return (answer.body.emails as readonly { readonly receipt: string }[]).map(({ receipt }) => receipt);
  }

  /** Looks at an email, and decides on it as it was shown. What became of it; undefined: nobody knows. */
  async decide(receipt: string, verdict: "approve" | "reject" | "changes"): Promise<string | undefined> {
    const { address } = this.#options;
    const shown = await this.#ask(`pending/${receipt}`);
    if (shown?.status !== 200) return undefined;
    const digests = String(shown.body.shown);
    this.seen.add(`${receipt} ${digests}`);
    // People think, and others are faster.
    await sleep(Math.random() * 30);
    const answer = await this.#ask(`pending/${receipt}`, { verdict, shown: digests, reason: "Because" });
    if (answer?.status !== 200) return undefined;
    const result = String(answer.body.result);
    this.told.push({ receipt, address, verdict, result });
    return result;
  }

  async #ask(path: string, form?: Readonly<Record<string, string>>): Promise<Answer | undefined> {
    try {
      this.#token ??= await this.#signIn();
      if (this.#token === undefined) return undefined;
      const answer = await this.#call(path, form);
      if (answer.status === 401 || answer.status === 403) this.#token = undefined;
      return answer;
    } catch {
      // Killed meanwhile.
      return undefined;
    }
  }

  async #signIn(): Promise<string | undefined> {
    const link = (await this.#options.link()).split("/").at(-1) ?? "";
    const { status, body } = await this.#call("sign-in", { link });
    return status === 200 ? String(body.token) : undefined;
  }

  async #call(path: string, form?: Readonly<Record<string, string>>): Promise<Answer> {
    const response = await fetch(`${await this.#options.url()}/api/${path}`, {
      method: form === undefined ? "GET" : "POST",
      headers: { "X-Countersign-Shell": "1", Authorization: `Bearer ${this.#token ?? ""}` },
      ...(form !== undefined && { body: new URLSearchParams(form) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: (await response.json()) as Answer["body"] };
  }
}
