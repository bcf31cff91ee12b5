import type { TrailStore } from "@countersign/trail";

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
    const place = /([^/\\]+):(\d+):\d+$/.exec(where);
    if (policy === null || place === null) return undefined;
    const [, name = "", line] = place;
    if (!this.#sets.has(policy)) this.#sets.set(policy, this.#readSet(policy));
    return (await this.#sets.get(policy))?.get(name)?.[Number(line) - 1];
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
