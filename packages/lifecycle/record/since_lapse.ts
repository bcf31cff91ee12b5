import type { StoredRecord } from "@countersign/trail";

/**
 * The records of an email since what was approved lapsed: the decisions among them may still be carried out, or complete
 * others. All of them, where nothing lapsed.
 */
export function sinceLapse(records: readonly StoredRecord[]): readonly StoredRecord[] {
  const at = records.findLastIndex(
    ({ record }) => record.kind === "lifecycle" && record.data.event === "lapsed",
  );
  return records.slice(at + 1);
}
