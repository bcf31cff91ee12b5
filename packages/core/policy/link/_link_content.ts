import { type ContentFile, type DetectorFile, UNSCANNABLE } from "../schema/sections.ts";
import type { ContentDetector, ContentPolicy, Located } from "../team_policy.ts";
import { type LinkedFile, locatedIn } from "./linked_file.ts";

/** What the files, the team's first, block and flag together. `isAskedAbout`: something else in the policy goes by what email says. */
export function linkContent(
  files: readonly LinkedFile<{ readonly content?: ContentFile }>[],
  { isAskedAbout }: { readonly isAskedAbout: boolean },
): ContentPolicy {
  const all = (key: "block" | "flag"): readonly Located<ContentDetector>[] =>
    files.flatMap((file) => locatedDetectors(file, `content.${key}`, file.content.content?.[key]));
  const [block, flag] = [all("block"), all("flag")];
  const named = files.map((file) => file.content.content?.unscannable);
  const declared = named[0] ?? (block.length + flag.length > 0 || isAskedAbout ? "flag" : "allow");
  // The organisation's part is a bound: a team that says nothing takes it over where it is stricter.
  const unscannable = UNSCANNABLE.find((verdict) => verdict === declared || named.slice(1).includes(verdict));
  return { block, flag, unscannable: unscannable ?? declared };
}

/** The detectors of a list, each with its place. */
export function locatedDetectors(
  file: LinkedFile<unknown>,
  path: string,
  list: readonly DetectorFile[] = [],
): readonly Located<ContentDetector>[] {
  return locatedIn(file, path, list.map(toDetector));
}

function toDetector(detector: DetectorFile): { readonly value: ContentDetector; readonly text: string } {
  if (typeof detector === "string") return { value: { kind: "builtin", name: detector }, text: detector };
  return { value: { kind: "pattern", ...detector }, text: detector.name };
}
