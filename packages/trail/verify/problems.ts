import type { TrailProblem } from "../store/trail_problem.ts";

/** More are of no use to anybody, and a rewritten trail has one for each record. */
const MAX_PROBLEMS = 100;

/** The problems found so far. */
export class Problems {
  readonly #found: TrailProblem[] = [];

  /** Enough are found: verification may end. */
  get isFull(): boolean {
    return this.#found.length >= MAX_PROBLEMS;
  }

  add(seq: number | null, what: TrailProblem["what"], message: string): void {
    if (!this.isFull) this.#found.push({ seq, what, message });
  }

  /** Whether a record of [from, to) has a problem already, which explains why hashes over it differ. */
  concern(from: number, to: number): boolean {
    return this.#found.some(({ seq }) => seq !== null && seq >= from && seq < to);
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  /** In the order of records; what concerns the whole trail last. */
  sorted(): readonly TrailProblem[] {
    const place = ({ seq }: TrailProblem) => seq ?? Number.POSITIVE_INFINITY;
    return this.#found.toSorted((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
  }
}
