/** What goes wrong at MultiMail while emails are sent, by the sandbox's names, unless a run names some of them itself. */
export const CRASH_FAULTS: readonly string[] = [
  "drop_before_accept",
  "drop_after_accept",
  "error_500_before",
  "error_500_after",
  "hang",
  "malformed_json",
  "slow",
  "rate_limited",
];
