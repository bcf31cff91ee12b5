import type { TrailSource } from "../store/trail_source.ts";
import { Frontier, leafHash } from "../tree/mod.ts";
import type { Check } from "./_check.ts";
import type { CheckpointCheck } from "./_checkpoint_check.ts";
import type { Walk } from "./_walk.ts";

/** Compares the checkpoints of trees that were too long ago with the records, which takes another walk. */
export class LateCheck implements Check {
  readonly #walk: Walk;
  readonly #checkpoints: CheckpointCheck;

  constructor(walk: Walk, checkpoints: CheckpointCheck) {
    this.#walk = walk;
    this.#checkpoints = checkpoints;
  }

  async settle(): Promise<void> {
    const { late } = this.#checkpoints;
    if (late.length === 0 || this.#walk.problems.any) return;
    const sizes = new Set(late.map(({ size }) => size));
    const roots = await rootsAt(this.#walk.source, sizes);
    for (const checkpoint of late) this.#checkpoints.compareRoot(checkpoint, roots.get(checkpoint.size));
  }
}

/** Roots of the tree over the first records, for each of these sizes that it had. */
async function rootsAt(
  source: TrailSource,
  sizes: ReadonlySet<number>,
): Promise<ReadonlyMap<number, Uint8Array>> {
  const last = Math.max(...sizes);
  const { from = 0, left = [] } = source.stretch ?? {};
  const tree = new Frontier(from, left);
  const roots = new Map<number, Uint8Array>();
  for await (const { rows } of source.pages()) {
    for (const { json, leaf } of rows) {
      if (sizes.has(tree.size)) roots.set(tree.size, tree.root());
      tree.append(json === null ? leaf : leafHash(json));
    }
    if (tree.size > last) break;
  }
  return roots;
}
