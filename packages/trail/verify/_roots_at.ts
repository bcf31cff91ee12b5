import type { TrailSource } from "../store/trail_source.ts";
import { Frontier, leafHash } from "../tree/mod.ts";

/** Roots of the tree over the first records, for each of these sizes that it had. Walks the trail once more. */
export async function rootsAt(
  source: TrailSource,
  sizes: Iterable<number>,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const wanted = new Set(sizes);
  const last = Math.max(...wanted);
  const { from = 0, left = [] } = source.stretch ?? {};
  const tree = new Frontier(from, left);
  const roots = new Map<number, Uint8Array>();
  for await (const { rows } of source.pages()) {
    for (const { json, leaf } of rows) {
      if (wanted.has(tree.size)) roots.set(tree.size, tree.root());
      tree.append(json === null ? leaf : leafHash(json));
    }
    if (tree.size > last) break;
  }
  return roots;
}
