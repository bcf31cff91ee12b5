import {
  keyLabel,
  type OutsideCheckpoint,
  parseVerifierKey,
  type VerifyTrailResult,
} from "@countersign/trail";

/** What a verification found, in lines for people. */
export function formatVerified(
  result: VerifyTrailResult,
  outside: readonly OutsideCheckpoint[],
): readonly string[] {
  if (!result.ok) {
    return [
      ...result.problems.map(
        ({ seq, what, message }) => `${seq === null ? "trail" : `record ${seq}`}: ${what}: ${message}`,
      ),
      "The trail is NOT whole",
    ];
  }
  const { size, root, checkpoints } = result;
  return [
    `The trail is whole: ${size} records, root ${Buffer.from(root).toString("hex")}`,
    signedLine(checkpoints.count, checkpoints.size, size),
    ...checkpoints.keys.map(({ verifier, since, previous, vouched, counts, checkpoints: signed }) => {
      const key = keyLabel(parseVerifierKey(verifier));
      const vouch =
        previous === null
          ? "the first"
          : vouched
            ? `${previous} vouches for it`
            : `NOBODY vouches for it, after ${previous}`;
      return `  key ${key} since record ${since}, ${vouch}, ${countOf(signed)}${counts ? "" : ", does not count"}`;
    }),
    ...checkpoints.witnesses.map(
      ({ verifier, checkpoints: signed, size: seen }) =>
        `  witness ${parseVerifierKey(verifier).name} cosigned ${countOf(signed)}${signed === 0 ? "" : `, the latest of ${seen} records`}`,
    ),
    ...(checkpoints.policy === undefined
      ? []
      : [
          `The policy is fulfilled by ${countOf(checkpoints.policy.checkpoints)}, the latest of ${checkpoints.policy.size} records`,
        ]),
    ...outside.map(
      ({ name, checkpoint }) => `It extends the checkpoint in "${name}", of ${checkpoint.size} records`,
    ),
  ];
}

function signedLine(count: number, signed: number, size: number): string {
  if (count === 0) return "No checkpoint is signed";
  const rest = size - signed;
  return `${countOf(count)} signed, the latest of ${signed} records; ${rest === 1 ? "1 record was" : `${rest} records were`} added since`;
}

function countOf(count: number): string {
  return count === 1 ? "1 checkpoint" : `${count} checkpoints`;
}
