import type { TrailEnd, TrailPage } from "../store/trail_source.ts";
import type { Check } from "./_check.ts";
import type { Walk } from "./_walk.ts";

/** Passes on what the source found wrong itself. */
export class SourceCheck implements Check {
  readonly #walk: Walk;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  beginPage({ problems = [] }: TrailPage): void {
    for (const { seq, what, message } of problems) this.#walk.problems.add(seq, what, message);
  }

  settle({ otherwise = [] }: TrailEnd): void {
    const { problems } = this.#walk;
    if (problems.any) return;
    for (const { seq, what, message } of otherwise) problems.add(seq, what, message);
  }
}
