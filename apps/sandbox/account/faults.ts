/** The ways in which a request can go wrong on purpose. */
export const FAULTS = [
  "drop_before_accept",
  "drop_after_accept",
  "error_500_before",
  "error_500_after",
  "hang",
  "rate_limited",
  "quota",
  "warmup",
  "malformed_json",
  "slow",
] as const;

/** One way in which a request can go wrong on purpose. */
export type FaultName = (typeof FAULTS)[number];

/** A fault that waits for its requests. */
export interface Fault {
  readonly fault: FaultName;
  /** How many more requests it hits. */
  readonly count: number;
  /** Absent: every `POST` that sends or replies. */
  readonly match?: FaultMatch;
  /** How late a `slow` answer is, in milliseconds; default 3000. */
  readonly delay_ms?: number;
}

/** Which requests a fault hits. */
export interface FaultMatch {
  /** Absent: every method. */
  readonly method?: string;
  /** A part of the path; absent: every path. */
  readonly path?: string;
}

const SENDS = /\/send$|\/reply\//;

/** The faults that wait, oldest first. */
export class Faults {
  #waiting: Fault[] = [];

  /** What waits. */
  get waiting(): readonly Fault[] {
    return this.#waiting;
  }

  /** Adds a fault behind those that wait. */
  add(fault: Fault): void {
    this.#waiting.push(fault);
  }

  /** Removes all. */
  clear(): void {
    this.#waiting = [];
  }

  /** Takes the first fault that hits this request. */
  take(method: string, path: string): Fault | undefined {
    const index = this.#waiting.findIndex(({ match }) =>
      match === undefined
        ? method === "POST" && SENDS.test(path)
        : (match.method ?? method).toUpperCase() === method && path.includes(match.path ?? ""),
    );
    const hit = this.#waiting[index];
    if (hit === undefined) return undefined;
    if (hit.count > 1) this.#waiting[index] = { ...hit, count: hit.count - 1 };
    else this.#waiting.splice(index, 1);
    return hit;
  }
}
