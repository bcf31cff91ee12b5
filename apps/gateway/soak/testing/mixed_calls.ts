import type { Pool } from "undici";
import type { SoakStack } from "./soak_stack.ts";

/** What came of one call. */
export interface CallResult {
  readonly kind: string;
  readonly ms: number;
  /** It is a call of a team that is in no trouble: then it must succeed, and its time counts. */
  readonly clean: boolean;
  /** Why it should have been answered otherwise; absent: it should not. */
  readonly error?: string;
  /** That an email was taken. */
  readonly receipt?: string;
}

/** How one kind of call is made at both doors. */
interface Kind {
  readonly name: string;
  /** Of a hundred calls. */
  readonly share: number;
  readonly team: string;
  readonly rest: (n: number) => {
    readonly method: "GET" | "POST";
    readonly path: string;
    readonly body?: unknown;
  };
  readonly mcp: (n: number) => { readonly name: string; readonly arguments: unknown };
  /** Which statuses are right. */
  readonly statuses: readonly number[];
  /** What the answer of a tool says. */
  readonly says: RegExp;
  readonly clean: boolean;
  /** Receipts that it is about. */
  readonly about?: readonly string[];
}

const PARAGRAPH = "We look forward to the delivery on Tuesday; please call if anything changes. ";

/** Makes the calls of a working day: sending, replying, looking, asking, cancelling, and what is denied, by both doors. */
export class MixedCalls {
  readonly #stack: SoakStack;
  readonly #pools: readonly Pool[];
  readonly #kinds: readonly Kind[];
  #asked = 0;
  /** Of emails that were taken lately: what is asked about. */
  readonly #receipts: string[] = [];
  readonly #held: string[] = [];

  /** `inbound`: ids of email that the desk received. */
  constructor(stack: SoakStack, pools: readonly Pool[], inbound: readonly string[]) {
    this.#stack = stack;
    this.#pools = pools;
    this.#kinds = this.#makeKinds(inbound);
  }

  /** Makes one call of some kind, and judges its answer. */
  async call(): Promise<CallResult> {
    const n = this.#asked++;
    // A step that goes through all of a hundred.
    const kind = this.#kindOf((n * 37) % 100);
    // Whatever the kind, half of its calls by each door.
    const byMcp = Math.floor(n / 100) % 2 === 1;
    const pool = this.#pools[n % this.#pools.length] as Pool;
    const startedAt = performance.now();
    const { name, clean } = kind;
    try {
      const answer = await (byMcp ? this.#byMcp(kind, n, pool) : this.#byRest(kind, n, pool));
      const ms = performance.now() - startedAt;
      this.#remember(kind, answer);
      const error = answer.isRight || !clean ? {} : { error: `${name}: ${answer.text.slice(0, 300)}` };
      return {
        kind: name,
        ms,
        clean,
        ...error,
        ...(answer.receipt !== undefined && { receipt: answer.receipt }),
      };
    } catch (error) {
      return { kind: name, ms: performance.now() - startedAt, clean, error: `${name}: ${error}` };
    }
  }

  #kindOf(place: number): Kind {
    let end = 0;
    for (const kind of this.#kinds) {
      end += kind.share;
      // Before there is any email, there is none to ask about.
      if (place < end) return kind.about?.length === 0 ? (this.#kinds[0] as Kind) : kind;
    }
    throw new Error("The shares are less than a hundred");
  }

  async #byRest({ rest, team, statuses }: Kind, n: number, pool: Pool): Promise<Answer> {
    const { method, path, body } = rest(n);
    const headers = {
      authorization: `Bearer ${this.#stack.keyOf(team)}`,
      "content-type": "application/json",
    };
    const answer = await pool.request({
      method,
      path,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    return {
      isRight: statuses.includes(answer.statusCode),
      text: `${answer.statusCode} ${text}`,
      ...receiptIn(text),
    };
  }

  async #byMcp({ mcp, team, says }: Kind, n: number, pool: Pool): Promise<Answer> {
    const headers = {
      authorization: `Bearer ${this.#stack.keyOf(team)}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
    };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: mcp(n) });
    const answer = await pool.request({ method: "POST", path: "/mcp", headers, body });
    const text = await answer.body.text();
    return { isRight: says.test(text), text: `${answer.statusCode} ${text}`, ...receiptIn(text) };
  }

  #remember({ name }: Kind, { isRight, receipt }: Answer): void {
    const list = name === "sent" ? this.#receipts : name === "held" ? this.#held : undefined;
    if (!isRight || receipt === undefined || list === undefined) return;
    list.push(receipt);
    if (list.length > 100) list.shift();
  }

  #makeKinds(inbound: readonly string[]): readonly Kind[] {
    const email = (n: number, to = `person-${n}@acme.example`) => ({
      to,
      subject: `News ${n}`,
      body: `This is email ${n}. ${PARAGRAPH.repeat(3)}`,
    });
    const send = (name: string, share: number, team: string, more: Partial<Kind> = {}): Kind => ({
      ...{ name, share, team, statuses: [202], says: TAKEN, clean: true },
      rest: (n) => ({ method: "POST", path: "/v1/send", body: email(n) }),
      mcp: (n) => ({ name: "send_email", arguments: { ...email(n), to: [email(n).to] } }),
      ...more,
    });
    const question = (n: number) => inbound[n % inbound.length] ?? "";
    const known = (list: readonly string[], n: number) => list[n % list.length] ?? "";
    const desk = "/v1/mailboxes/mbx-desk";
    const looks = { team: "desk", statuses: [200], says: /"isError":false/, clean: true };
    return [
      send("sent", 48, "open"),
      send("held", 4, "gated", { says: TAKEN }),
      send("in trouble", 4, "faulty", { clean: false }),
      send("of a mailbox that drifts", 2, "drifting", { clean: false }),
      send("denied", 10, "open", {
        statuses: [403, 422],
        says: /DENIED/,
        rest: (n) => ({ method: "POST", path: "/v1/send", body: email(n, `spy-${n}@rival.example`) }),
        mcp: (n) => ({ name: "send_email", arguments: { ...email(n), to: [`spy-${n}@rival.example`] } }),
      }),
      {
        ...looks,
        ...{ name: "replied", share: 6, statuses: [202], says: TAKEN },
        rest: (n) => ({
          method: "POST",
          path: "/v1/reply",
          body: { message_id: question(n), body: email(n).body },
        }),
        mcp: (n) => ({ name: "reply_email", arguments: { email_id: question(n), body: email(n).body } }),
      },
      {
        ...looks,
        ...{ name: "listed", share: 6 },
        rest: () => ({ method: "GET", path: `${desk}/inbox?limit=5` }),
        mcp: () => ({ name: "check_inbox", arguments: { limit: 5 } }),
      },
      {
        ...looks,
        ...{ name: "read", share: 8 },
        rest: (n) => ({ method: "GET", path: `${desk}/emails/${question(n)}` }),
        mcp: (n) => ({ name: "read_email", arguments: { email_id: question(n) } }),
      },
      {
        ...looks,
        ...{ name: "asked about", share: 10, team: "open", about: this.#receipts },
        rest: (n) => ({ method: "GET", path: `/v1/receipts/${known(this.#receipts, n)}` }),
        mcp: (n) => ({ name: "email_status", arguments: { receipt: known(this.#receipts, n) } }),
      },
      {
        ...looks,
        // It may be cancelled already.
        ...{ name: "cancelled", share: 2, team: "gated", about: this.#held, statuses: [200, 409] },
        says: /^(?!.*FAILED).*"isError":/s,
        rest: (n) => ({
          method: "POST",
          path: `/v1/mailboxes/mbx-gated/emails/${known(this.#held, n)}/cancel`,
        }),
        mcp: (n) => ({ name: "cancel_message", arguments: { receipt: known(this.#held, n) } }),
      },
    ];
  }
}

interface Answer {
  readonly isRight: boolean;
  readonly text: string;
  readonly receipt?: string;
}

/** Both doors' words for an email that was taken. */
const TAKEN = /ACCEPTED|PENDING|HELD/;

function receiptIn(text: string): { readonly receipt?: string } {
  const receipt = /rcp_[0-9A-Z]{26}/.exec(text)?.[0];
  return receipt === undefined ? {} : { receipt };
}
