import type { IntentData } from "@countersign/trail";

/** Receipts of email that an intent's email overlaps with, as the rule found when it was asked for. */
export function overlapsOf({ findings }: Pick<IntentData, "findings">): readonly string[] {
  return findings.flatMap(({ rule, detail }) => {
    const [, receipt] = (rule === "overlap" && /^Receipt (\S+?)(?:,| of team )/.exec(detail ?? "")) || [];
    return receipt === undefined ? [] : [receipt];
  });
}
