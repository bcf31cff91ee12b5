import type { SigningKeyData } from "../signing_key_data.ts";
import type { TrailStore } from "../store.ts";

/** What the trail's records say of keys that sign, in order. */
export async function signingKeyHistory(trail: TrailStore): Promise<readonly SigningKeyData[]> {
  const keys: SigningKeyData[] = [];
  for await (const { record } of trail.records({ kind: "key" })) {
    if (record.data.change === "signing") keys.push(record.data as SigningKeyData);
  }
  return keys;
}
