import type { TrailStore } from "../../store/store.ts";
import type { StoredCheckpoint } from "../../store/stored.ts";
import type { TreeHead } from "../../tree/tree_head.ts";
import { NoteError, parseCheckpoint } from "../mod.ts";
import { extendsCheckpoint } from "./extends_checkpoint.ts";
import { readLatestCheckpoint } from "./read_latest_checkpoint.ts";

/** What a tree has to extend before it is signed. */
export interface SignedSoFar {
  readonly head: TreeHead;
  readonly newest: StoredCheckpoint | undefined;
  readonly folder: string;
  readonly seen: TreeHead | undefined;
}

/** Why the trail must not be signed, for people; undefined: it extends everything that was signed so far. */
export async function whyNotExtended(
  trail: TrailStore,
  { head, newest, folder, seen }: SignedSoFar,
): Promise<string | undefined> {
  const known: (readonly [what: string, old: TreeHead])[] = [];
  try {
    const latest = await readLatestCheckpoint(folder);
    if (latest !== undefined) known.push(["the checkpoint in latest.txt", latest]);
    if (newest !== undefined) known.push(["its own latest checkpoint", parseCheckpoint(newest.note)]);
  } catch (error) {
    if (error instanceof NoteError)
      return `The checkpoint in latest.txt, or the latest in the trail, was changed: ${error.message}`;
    throw error;
  }
  if (seen !== undefined) known.push(["what this gateway has seen of it", seen]);
  for (const [what, old] of known) {
    if (old.size > head.size)
      return `The trail has ${head.size === 1 ? "1 record" : `${head.size} records`}, and ${what} is of ${old.size}: it was cut off, or an older copy was restored`;
    if (!(await extendsCheckpoint(trail, { head, old })))
      return `The trail does not extend ${what}, of ${old.size} records: it was rewritten, or an older copy was restored and continued`;
  }
  return undefined;
}
