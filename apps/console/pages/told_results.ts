import { randomUUID } from "node:crypto";
import type { Decided } from "../deciding/decide_email.ts";

/** So many are remembered; of more, the oldest are forgotten. */
const MAX = 1_000;

/** What became of a decision on an email. */
export interface ToldResult {
  readonly receipt: string;
  readonly decided: Decided;
  /** What the email is about, as it was known before. */
  readonly subject?: string;
}

/**
 * What became of decisions, until the page that a form leads to has told it: by a name that only the browser knows that sent
 * the form, since an address that says "approved" could be sent by anybody.
 */
export class ToldResults {
  readonly #results = new Map<string, { readonly whose: string; readonly results: readonly ToldResult[] }>();

  /** Keeps results for a person's session, whose form token is `whose`: the name by which they are told. */
  add(whose: string, results: readonly ToldResult[]): string {
    const name = randomUUID();
    this.#results.set(name, { whose, results });
    const [oldest] = this.#results.keys();
    if (this.#results.size > MAX && oldest !== undefined) this.#results.delete(oldest);
    return name;
  }

  /** The results of that name, for that session only; none: they were forgotten, or are somebody else's. */
  get(whose: string, name: string | undefined): readonly ToldResult[] {
    const kept = this.#results.get(name ?? "");
    return kept?.whose === whose ? kept.results : [];
  }
}
