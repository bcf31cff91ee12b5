import type { StoredCheckpoint } from "../store/stored.ts";
import type { TrailPage } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import type { Walk } from "./_walk.ts";

interface Placed {
  readonly seq: number;
}

/** Finds what lies beside records that are not there. Below `known` it was said already that they are missing. */
export class LeftoverCheck implements Check {
  readonly #walk: Walk;
  #values: readonly (readonly Placed[])[] = [];
  #notes: readonly StoredCheckpoint[] = [];
  /** Rows that lie before the first, which was said too. */
  #before: ReadonlySet<number> = new Set();

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  beginPage({ rows, sealed, recipients, rules, checkpoints }: TrailPage): void {
    // Recipients are known from what is sealed.
    this.#values = [sealed ?? [], (sealed && recipients) ?? [], rules ?? []];
    this.#notes = checkpoints ?? [];
    this.#before = new Set(rows.filter(({ seq }) => seq < 0).map(({ seq }) => seq));
  }

  endPage({ end }: TrailPage): void {
    if (end === undefined) this.#report(Number.POSITIVE_INFINITY);
  }

  settle(): void {
    this.#report(this.#walk.known);
  }

  #report(known: number): void {
    const { problems } = this.#walk;
    const isLeft = ({ seq }: Placed) => (seq < 0 || seq >= known) && !this.#before.has(seq);
    const left = (rows: readonly Placed[]) => rows.filter(isLeft).map(({ seq }) => seq);
    for (const seq of new Set(this.#values.flatMap(left)))
      problems.add(seq, "removed", `Record ${seq} is missing: something that belongs to it is left`);
    for (const seq of new Set(left(this.#notes)))
      problems.add(seq, "removed", `Record ${seq} is missing: a checkpoint's note is left of it`);
  }
}
