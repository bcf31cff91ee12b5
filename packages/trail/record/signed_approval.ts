import type { ApprovalData } from "./approval.ts";
import { encodeRecord } from "./encode_record.ts";
import type { EntryFrame, EntryOf } from "./frame.ts";
import type { RawRecord, TrailRecord } from "./record.ts";
import { Sealer } from "./sealed.ts";
import { toIsoTime } from "./to_iso_time.ts";

/** A decision with people and reasons as text. */
export interface ApprovalEntryOptions
  extends Omit<ApprovalData, "by" | "identity" | "stands_for" | "reason" | "key" | "signature"> {
  readonly by: string;
  readonly identity: { readonly issuer: string; readonly subject: string };
  readonly standsFor?: string;
  readonly reason?: string;
}

/** What signs approvals. */
export interface ApprovalSigner {
  /** `<name>+<key id>`. */
  readonly key: string;
  /** Ed25519 over the UTF-8 of a text. */
  readonly sign: (text: string) => Uint8Array;
}

/** Builds the signed record of a person's decision. `at` in epoch milliseconds. */
export function approvalEntry(
  { by, identity, standsFor, reason, ...decided }: ApprovalEntryOptions,
  { at, team, assistant, receipt, policy }: EntryFrame,
  signer: ApprovalSigner,
): EntryOf<"approval", ApprovalData> {
  const sealer = new Sealer();
  const unsigned = {
    ...decided,
    by: sealer.seal("address", by),
    identity: sealer.seal("text", JSON.stringify([identity.issuer, identity.subject])),
    stands_for: standsFor === undefined ? null : sealer.seal("address", standsFor),
    reason: reason === undefined ? null : sealer.seal("text", reason),
    key: signer.key,
  };
  const text = textOf({ at: toIsoTime(at), team, assistant, receipt, policy, data: unsigned });
  const data = { ...unsigned, signature: Buffer.from(signer.sign(text)).toString("base64") };
  return { kind: "approval", at, team, assistant, receipt, policy, data, sealed: sealer.values };
}

/**
 * What an approval's signature is over: the line `countersign/approval/v1`, and the record as canonical JSON (RFC 8785), with
 * `seq` 0 and without the signature, which both come later. Whoever can write the trail, but has not the console's key, cannot make one.
 */
export function approvalText({
  at,
  team,
  assistant,
  receipt,
  policy,
  data,
}: TrailRecord<"approval">): string {
  const { signature: _, ...unsigned } = data;
  return textOf({ at, team, assistant, receipt, policy, data: unsigned });
}

/** `seq` is not known when it is signed. */
function textOf(record: Omit<RawRecord, "seq" | "kind">): string {
  return `countersign/approval/v1\n${encodeRecord({ ...record, kind: "approval", seq: 0 })}\n`;
}
