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
  /** Hash of a policy set → file name → lines. */
  readonly #sets = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();

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
    if (!this.#sets.has(policy)) this.#sets.set(policy, this.#readSet(policy));
    const lines = (await this.#sets.get(policy))?.get(name) ?? [];
    const line = Number(number);
    const first = Math.max(1, line - count);
    return line > lines.length
      ? undefined
      : { name, line, first, lines: lines.slice(first - 1, line + count) };
  }

  async #readSet(policy: string): Promise<ReadonlyMap<string, readonly string[]>> {
    for await (const { record } of this.#trail.records({ kind: "policy", newestFirst: true })) {
      if (record.policy !== policy || !Array.isArray(record.data.files)) continue;
      const files = record.data.files as readonly { readonly name: string; readonly hash: string }[];
      const texts = files.map(async ({ name, hash }): Promise<[string, readonly string[]]> => {
        const text = await this.#trail.policyText(hash);
        return [name, text?.split(/\r?\n/) ?? []];
      });
      return new Map(await Promise.all(texts));
    }
    return new Map();
  }
}
