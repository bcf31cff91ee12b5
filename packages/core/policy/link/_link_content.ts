import type { ContentFile, DetectorFile } from "../schema/sections.ts";
import type { ContentDetector, ContentPolicy, Located } from "../team_policy.ts";
import { type LinkedFile, locatedIn } from "./linked_file.ts";

/** What the files block and flag, together. */
export function linkContent(files: readonly LinkedFile<{ readonly content?: ContentFile }>[]): ContentPolicy {
  const all = (key: keyof ContentFile): readonly Located<ContentDetector>[] =>
    files.flatMap((file) => locatedIn(file, `content.${key}`, file.content.content?.[key]?.map(toDetector)));
  return { block: all("block"), flag: all("flag") };
}

function toDetector(detector: DetectorFile): { readonly value: ContentDetector; readonly text: string } {
  if (typeof detector === "string") return { value: { kind: "builtin", name: detector }, text: detector };
  return { value: { kind: "pattern", ...detector }, text: detector.name };
}
