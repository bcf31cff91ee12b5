import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  type AskedText,
  intentEntry,
  type OutcomeData,
  outcomeEntry,
  policyEntry,
  type TrailEntry,
  type TrailStore,
} from "@countersign/trail";
import { openSqliteTrail } from "@countersign/trail/sqlite";

/** When the records of a sample trail are. */
export const NOON: number = Date.parse("2026-11-23T12:00:00Z");

/** Hash of the policies that sample records name. */
export const POLICY: string = "d2".repeat(32);

/** Makes the trail of a gateway in `cwd/data` that has loaded one policy. Whoever asks closes it. */
export async function createTrail(cwd: string, policyText: string): Promise<TrailStore> {
  mkdirSync(join(cwd, "data"));
  const trail = await openSqliteTrail(join(cwd, "data/trail.sqlite"));
  const file = { name: "ops.yaml", hash: createHash("sha256").update(policyText).digest("hex") };
  const texts = [{ hash: file.hash, text: policyText }];
  await trail.append(policyEntry({ result: "loaded", files: [file] }, { at: NOON, policy: POLICY, texts }));
  return trail;
}

/** What a sample email says other than the usual. */
export interface EmailOptions extends Pick<AskedText, "facts" | "person" | "unproven"> {
  readonly to: string;
  readonly subject?: string;
  readonly body?: string;
  /** Denied by this rule at this place; absent: let through. */
  readonly denied?: { readonly rule: string; readonly where: string };
  readonly at?: number;
}

/** An intent to send, like the gateway's. */
export function emailIntent(receipt: string, options: EmailOptions): TrailEntry<"intent"> {
  const {
    to,
    subject = "Hello",
    body = "The body is nobody's business",
    denied,
    at = NOON,
    ...asker
  } = options;
  const finding = { effect: "deny", message: "This is refused", detail: "By the line below", about: [0] };
  return intentEntry(
    {
      call: `req_${receipt}`,
      door: "mcp",
      action: "send",
      attempted: null,
      effect: denied === undefined ? "allow" : "deny",
      held: denied === undefined,
      findings: denied === undefined ? [] : [{ ...denied, ...finding }],
      recipients: [{ field: "to", address: to, domain: to.split("@")[1] ?? null }],
      mailbox: "mbx-ops",
      about: null,
      subject,
      body,
      attachments: [{ name: "plan.pdf", content_type: "application/pdf", content: "c2VjcmV0", bytes: 6 }],
      send_at: null,
      idempotency_key: denied === undefined ? receipt : null,
      caller_key: null,
      ...asker,
    },
    { ...BY_WRITER, at, receipt },
  );
}

/** An outcome, like the gateway's. */
export function emailOutcome(
  receipt: string,
  result: OutcomeData["result"],
  message: string | null = null,
): TrailEntry<"outcome"> {
  const isAccepted = result === "accepted";
  return outcomeEntry({ ...BY_WRITER, receipt }, NOON + 1_000, {
    ...{ result, email: isAccepted ? "em-1" : null, multimail_status: isAccepted ? "pending_scan" : null },
    ...{ code: isAccepted ? null : "multimail_unavailable", message },
  });
}

const BY_WRITER = { team: "ops", assistant: "writer", policy: POLICY } as const;
