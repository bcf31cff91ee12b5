import type { SigningKeyData } from "../../record/signing_key.ts";
import type { TrailStore } from "../../store/store.ts";
import { parseVerifierKey, parseVouch } from "../mod.ts";

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

/** The keys that sign a trail's checkpoints. */
export interface NamedSigningKeys {
  /** Verifier keys, as the trail names them. */
  readonly keys: readonly string[];
  /** Signed notes by which they name their successors. */
  readonly vouches: readonly string[];
}

/** The keys that the first `size` records of a trail name as those of its checkpoints, in order, once each. */
export async function namedSigningKeys(trail: TrailStore, size: number): Promise<NamedSigningKeys> {
  const keys = new Set<string>();
  const vouches = new Set<string>();
  for await (const { record } of trail.records({ kind: "key" })) {
    if (record.seq >= size) break;
    const { change, verifier, vouch } = record.data;
    if (change !== "signing" || !isRead(parseVerifierKey, verifier)) continue;
    keys.add(verifier);
    if (isRead(parseVouch, vouch)) vouches.add(vouch);
  }
  return { keys: [...keys], vouches: [...vouches] };
}

/** What is none is left out: verifying finds it in its record. */
function isRead(parse: (text: string) => unknown, value: unknown): value is string {
  try {
    return typeof value === "string" && parse(value) !== undefined;
  } catch {
    return false;
  }
}
