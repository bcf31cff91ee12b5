import { timingSafeEqual } from "node:crypto";
import type { PolicySet } from "@countersign/core/policy";
import { hashAssistantKey } from "@countersign/host";
import type { Caller } from "../enforce/call.ts";

/** Who calls, or why nobody knows. */
export type Authenticated =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly code: "missing_key" | "unknown_key"; readonly message: string };

/** Longer headers hold no key of ours (47 characters). */
const MAX_HEADER = 256;

/** Finds the assistant whose key an `Authorization: Bearer csk_…` header (RFC 6750 section 2.1) holds. */
export function authenticate(header: string | undefined, policies: PolicySet): Authenticated {
  const key = /^Bearer +(\S+)$/i.exec(header?.slice(0, MAX_HEADER) ?? "")?.[1];
  if (key === undefined) {
    return {
      ok: false,
      code: "missing_key",
      message: "Send your assistant's key as: Authorization: Bearer csk_…",
    };
  }
  const caller = holderOf(key, policies);
  if (caller !== undefined) return { ok: true, caller };
  return {
    ok: false,
    code: "unknown_key",
    message: "No assistant has this key; ask the platform team for one",
  };
}

/** The assistant whose key this is; undefined: nobody's. */
export function holderOf(key: string, policies: PolicySet): Caller | undefined {
  const hash = hashAssistantKey(key);
  // The map finds the candidate by a SHA-256, of which timing tells nothing; the policy's own hash is then compared in
  // constant time.
  const caller = policies.keys.get(hash.slice("sha256:".length));
  const keys = caller && policies.teams.get(caller.team)?.assistants.get(caller.assistant)?.keys;
  const isHeld = keys?.some((known) => isSame(known, hash));
  return caller !== undefined && isHeld ? { ...caller, key: hash } : undefined;
}

function isSame(known: string, hash: string): boolean {
  return known.length === hash.length && timingSafeEqual(Buffer.from(known), Buffer.from(hash));
}
