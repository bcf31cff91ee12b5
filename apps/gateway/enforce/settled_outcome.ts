import type { OutcomeData, StoredRecord } from "@countersign/trail";

/**
 * What became of a call for certain, from its records, oldest first. A later "unknown" changes nothing: whoever wrote it
 * asked at the same time, and knew less.
 */
export function settledOutcome(records: readonly StoredRecord[]): OutcomeData | undefined {
  const settling = records.findLast(
    ({ record }) => record.kind === "outcome" && (record.data as OutcomeData).result !== "unknown",
  );
  return settling?.record.data as OutcomeData | undefined;
}
