import type { SigningKeyData } from "../../record/key.ts";
import type { TrailStore } from "../../store/store.ts";
import { parseVerifierKey } from "../mod.ts";

/** What the trail's records say of keys that sign, in order. What names no key is passed over: verifying finds it. */
export async function signingKeyHistory(trail: TrailStore): Promise<readonly SigningKeyData[]> {
  const keys: SigningKeyData[] = [];
  for await (const { record } of trail.records({ kind: "key" })) {
    if (record.data.change === "signing" && isKey(record.data.verifier)) keys.push(record.data);
  }
  return keys;
}

function isKey(verifier: unknown): boolean {
  try {
    return parseVerifierKey(String(verifier)).type === "ed25519";
  } catch {
    return false;
  }
}
