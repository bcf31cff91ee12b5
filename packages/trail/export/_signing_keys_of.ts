import type { TrailStore } from "../store.ts";

/** Verifier keys of the keys that sign a trail's checkpoints, as it names them itself. */
export async function signingKeysOf(trail: TrailStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { record } of trail.records({ kind: "key" })) {
    const { change, verifier } = record.data;
    if (change === "signing" && typeof verifier === "string") keys.push(verifier);
  }
  return keys;
}
