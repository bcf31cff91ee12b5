import type { TrailStore } from "./store.ts";

/**
 * The files of the policies with this hash, each name with the SHA-256 of its text, as the trail's records say; undefined:
 * they do not say all of it. Streams, from the newest record back.
 */
export async function policyFiles(
  trail: Pick<TrailStore, "records">,
  policy: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  /** Null: it is no more. */
  const found = new Map<string, string | null>();
  let wanted = policy;
  const parts = new Set<unknown>();
  for await (const { record } of trail.records({ kind: "policy", newestFirst: true })) {
    const { data } = record;
    if (record.policy !== wanted || data.result !== "loaded") continue;
    for (const [name, hash] of namedFiles(data)) if (!found.has(name)) found.set(name, hash);
    const { gone, since, part = 1, parts: count = 1 } = data;
    if (typeof since !== "string") {
      // Another gateway's may lie in between, or one may have ended before its last.
      if (parts.add(part).size < Number(count)) continue;
      return new Map([...found].filter((file): file is [string, string] => file[1] !== null));
    }
    for (const name of Array.isArray(gone) ? gone : [])
      if (!found.has(String(name))) found.set(String(name), null);
    wanted = since;
  }
  return undefined;
}

/** The files that a `policy` record names, each with its hash, whatever else stands there. */
export function namedFiles(data: {
  readonly files?: unknown;
}): readonly (readonly [name: string, hash: string])[] {
  const files: readonly unknown[] = Array.isArray(data.files) ? data.files : [];
  return files.flatMap((file) =>
    typeof file === "object" &&
    file !== null &&
    "name" in file &&
    "hash" in file &&
    typeof file.name === "string" &&
    typeof file.hash === "string"
      ? [[file.name, file.hash] as const]
      : [],
  );
}
