import autocannon from "autocannon";

/** What a load asks for, again and again. */
export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the n-th request; no two are alike. */
  readonly body: (n: number) => string;
  /** What every answer says. */
  readonly says: string;
}

/** What came of a turn. */
export interface Turn {
  /** Answers that were as they should be. */
  readonly answers: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
}

/** How a turn is taken. */
export interface TurnOptions {
  readonly connections: number;
  readonly seconds: number;
}

let asked = 0;

/**
 * Asks on so many connections, on each anew as soon as the answer is there.
 *
 * @throws {Error} when an answer is no success, or none comes
 */
export async function takeTurn(
  { url, headers, body, says }: Target,
  { connections, seconds }: TurnOptions,
): Promise<Turn> {
  const times: number[] = [];
  const run = (options: autocannon.Options) =>
    new Promise<autocannon.Result>((resolve, reject) => {
      const instance = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
      instance.on("response", (_client, _status, _bytes, ms) => times.push(ms));
    });
  const result = await run({
    url,
    connections,
    duration: seconds,
    // How often it looks whether that is over, in milliseconds.
    sampleInt: 100,
    verifyBody: (answer) => String(answer).includes(says),
    requests: [
      {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        setupRequest: (request) => ({ ...request, body: body(asked++) }),
      },
    ],
  });
  const { errors, timeouts, non2xx, mismatches, "2xx": answers, duration } = result;
  if (errors + timeouts + non2xx + mismatches > 0 || answers === 0) {
    throw new Error(
      `${url}: ${answers} answers, ${non2xx} refused, ${mismatches} others, ${errors} errors, ${timeouts} timeouts`,
    );
  }
  times.sort((a, b) => a - b);
  return { answers, perSecond: answers / duration, median: at(times, 0.5), p99: at(times, 0.99) };
}

function at(times: readonly number[], share: number): number {
  return times[Math.floor(share * times.length)] ?? Number.NaN;
}
