import { type OutsideCheckpoint, sealedName, type TrailProblem } from "@countersign/trail";
import type { ExportHeader } from "@countersign/trail/export";
import { formatVerified } from "../format_verified.ts";
import type { VerifiedFile } from "./verify_file.ts";

/** What was found in a file, in lines for people. */
export function formatVerifiedFile(
  found: VerifiedFile,
  { outside, isPinned }: { readonly outside: readonly OutsideCheckpoint[]; readonly isPinned: boolean },
): readonly string[] {
  if (found.is === "proof") {
    const { problems, records, size, isSigned, isPinned } = found;
    const whose = isPinned ? "" : ", whose key it names itself: only --key tells who signed";
    const signed = isSigned ? `by a signed checkpoint${whose}` : "by a root that nobody signed";
    const good = `The proof holds: ${countOf(records)} in a tree of ${countOf(size)}, ${signed}`;
    return problems.length === 0 ? [good] : [...problems.map(lineOf), "The proof does NOT hold"];
  }
  const { result, header } = found;
  const counts = `${result.shown} shown, ${result.withheld} withheld`;
  if (!result.ok) return [...result.problems.map(lineOf), `The export is NOT whole: ${counts}`];
  const { from, to, size, origin, at, filter, values } = header;
  const only = Object.entries(filter).flatMap(([name, value]) =>
    value ? [`${name} ${sealedName(name, value)}`] : [],
  );
  const [, ...rest] = formatVerified(result, outside);
  return [
    `The export is whole: records ${from} to ${to - 1} of ${size}, root ${header.root}`,
    `It says that it is from "${origin}", at ${at}, ${only.length === 0 ? "of everybody" : `of ${only.join(", ")}`}, ${values.length === 0 ? "without values" : `with ${values.join(", ")}`}`,
    counts,
    ...rest,
    ...unknownOf(header, { withheld: result.withheld, isPinned }),
  ];
}

/** What an export cannot tell whoever has nothing else. */
function unknownOf(
  { from, to, size, values }: ExportHeader,
  { withheld, isPinned }: { readonly withheld: number; readonly isPinned: boolean },
): readonly string[] {
  return [
    ...(isPinned ? [] : ["Not known: who signed (it names the keys itself: give --key)"]),
    ...(withheld > 0 ? ["Not known: whether what is withheld is what the filter withholds"] : []),
    ...(from > 0 ? [`Not known: what the ${countOf(from)} before it say, of policies among others`] : []),
    ...(to < size && values.length > 0
      ? [`Not known: whether a value that is absent was erased after record ${to - 1}`]
      : []),
  ];
}

function lineOf({ seq, what, message }: TrailProblem): string {
  return `${seq === null ? "export" : `record ${seq}`}: ${what}: ${message}`;
}

function countOf(records: number): string {
  return records === 1 ? "1 record" : `${records} records`;
}
