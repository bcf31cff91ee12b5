import { createHash } from "node:crypto";
import { formatProblem, loadPolicies, type PolicySet } from "@countersign/core/policy";

/** Team files by name (`ops.yaml`), in which `KEY` stands for the hash of a fresh key of the assistant on that line. */
export type TeamTexts = Readonly<Record<string, string>>;

/** The policies of a test, which have no problems. */
export function linkTeams(teams: TeamTexts): PolicySet {
  const files = Object.entries(teams).map(([name, text]) => ({
    name,
    file: `teams/${name}`,
    bytes: new TextEncoder().encode(text),
  }));
  const result = loadPolicies(files, {
    sha256: (bytes) => createHash("sha256").update(bytes).digest("hex"),
  });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.policies;
}
