import { policyFiles } from "../store/policy_files.ts";
import type { TrailStore } from "../store/store.ts";

/** Some lines of a policy's file. */
export interface LinesAround {
  /** `finance.yaml` */
  readonly name: string;
  /** The line that is meant, and the first of those shown; from 1. */
  readonly line: number;
  readonly first: number;
  readonly lines: readonly string[];
}

/** Looks up the lines that decided, in the policies as the trail kept them. */
export class PolicyLines {
  readonly #trail: TrailStore;
  /** Hash of a policy set → file name → hash of its text. */
  readonly #sets = new Map<string, ReturnType<typeof policyFiles>>();

  constructor(trail: TrailStore) {
    this.#trail = trail;
  }

  /** The line at `where` (`teams/finance.yaml:14:9`) of the policies with this hash; undefined: the trail has no such. */
  async lineAt(policy: string | null, where: string): Promise<string | undefined> {
    const around = await this.linesAround(policy, where, 0);
    return around?.lines[0];
  }

  /** The same with so many lines before and after it, as far as the file has them. */
  async linesAround(policy: string | null, where: string, count: number): Promise<LinesAround | undefined> {
    const place = /([^/\\]+):(\d+):\d+$/.exec(where);
    if (policy === null || place === null) return undefined;
    const [, name = "", number] = place;
    const files = this.#sets.get(policy) ?? policyFiles(this.#trail, policy);
    this.#sets.set(policy, files);
    const hash = (await files)?.get(name);
    const text = hash === undefined ? undefined : await this.#trail.policyText(hash);
    const lines = text?.split(/\r?\n/) ?? [];
    const line = Number(number);
    const first = Math.max(1, line - count);
    return line > lines.length
      ? undefined
      : { name, line, first, lines: lines.slice(first - 1, line + count) };
  }
}
