import {
  type ApprovalData,
  approvalText,
  isReadable,
  type StoredRecord,
  type TrailRecord,
  type VerifierKey,
  verifySignature,
} from "@countersign/trail";

/**
 * The decisions among these records that one of the console's keys signed, in order: others count for nothing, since whoever
 * takes the gateway over can write records.
 */
export function signedApprovals(
  records: readonly Pick<StoredRecord, "record">[],
  keys: readonly VerifierKey[],
): readonly TrailRecord<"approval">[] {
  return records.flatMap(({ record }) =>
    record.kind === "approval" && isReadable(record) && keys.some((key) => isSignedBy(record, key))
      ? [record]
      : [],
  );
}

function isSignedBy(record: TrailRecord<"approval">, key: VerifierKey): boolean {
  const { key: label, signature }: ApprovalData = record.data;
  if (label !== `${key.name}+${key.id}`) return false;
  const bytes = Buffer.from(signature, "base64");
  return verifySignature(approvalText(record), { name: key.name, id: key.id, signature: bytes }, key);
}
