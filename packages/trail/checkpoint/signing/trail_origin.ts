import type { TrailStore } from "../../store/store.ts";
import { parseCheckpoint } from "../mod.ts";
import { newestCheckpoint } from "./newest_checkpoint.ts";
import { readLatestCheckpoint } from "./read_latest_checkpoint.ts";

/** Where a trail's name is looked for. */
export interface TrailOriginOptions {
  /** The operator's word. */
  readonly origin: string | undefined;
  /** Where checkpoints are written. */
  readonly folder: string;
  readonly defaultOrigin: string;
}

/**
 * What a trail is named in checkpoints: as the operator says, or as it was named before. The own folder comes before the
 * trail, which others can write.
 *
 * @throws {NoteError} when the checkpoint there is none
 */
export async function trailOrigin(
  trail: TrailStore,
  { origin, folder, defaultOrigin }: TrailOriginOptions,
): Promise<string> {
  if (origin !== undefined) return origin;
  const latest = await readLatestCheckpoint(folder);
  if (latest !== undefined) return latest.origin;
  const newest = await newestCheckpoint(trail);
  return newest === undefined ? defaultOrigin : parseCheckpoint(newest.note).origin;
}
