import type { OutcomeData, StoredRecord } from "@countersign/trail";

/**
 * What became of a call for certain, from its records, oldest first. A later "unknown" changes nothing: whoever wrote it
 * asked at the same time, and knew less. Nor does a refusal, once MultiMail took the email from anybody who asked.
 */
export function settledOutcome(records: readonly StoredRecord[]): OutcomeData | undefined {
  const settling = records.flatMap(({ record }) => {
    if (record.kind !== "outcome") return [];
    const data = record.data;
    return data.result === "unknown" ? [] : [data];
  });
  return settling.findLast(({ result }) => result === "accepted") ?? settling.at(-1);
}
