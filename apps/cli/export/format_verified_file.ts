import type { OutsideCheckpoint, TrailProblem } from "@countersign/trail";
import { formatVerified } from "../format_verified.ts";
import { sealedName } from "../summarize_record.ts";
import type { VerifiedFile } from "./verify_file.ts";

/** What was found in a file, in lines for people. */
export function formatVerifiedFile(
  found: VerifiedFile,
  outside: readonly OutsideCheckpoint[],
): readonly string[] {
  if (found.is === "proof") {
    const { problems, records, size, isSigned } = found;
    const signed = isSigned ? "by a signed checkpoint" : "by a root that nobody signed";
    const good = `The proof holds: ${countOf(records)} in a tree of ${countOf(size)}, ${signed}`;
    return problems.length === 0 ? [good] : [...problems.map(lineOf), "The proof does NOT hold"];
  }
  const { result, header } = found;
  if (!result.ok) return [...result.problems.map(lineOf), "The export is NOT whole"];
  const { from, to, size, origin, at, filter, values } = header;
  const only = Object.entries(filter).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${sealedName(name, value)}`],
  );
  const [, ...rest] = formatVerified(result, outside);
  return [
    `The export is whole: records ${from} to ${to - 1} of ${size}, root ${header.root}`,
    `It says that it is from "${origin}", at ${at}, ${only.length === 0 ? "of everybody" : `of ${only.join(", ")}`}, ${values.length === 0 ? "without values" : `with ${values.join(", ")}`}`,
    ...rest,
  ];
}

function lineOf({ seq, what, message }: TrailProblem): string {
  return `${seq === null ? "export" : `record ${seq}`}: ${what}: ${message}`;
}

function countOf(records: number): string {
  return records === 1 ? "1 record" : `${records} records`;
}
