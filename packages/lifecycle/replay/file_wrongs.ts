import type { AttachmentJudgement } from "@countersign/core/content";

/** What can be wrong with a file, as a record says it. */
export const FILE_WRONGS = [
  "unreadable",
  "executable",
  "encrypted",
  "macros",
  "active",
  "unlisted",
  "mismatch",
  "unscannable",
] as const;

/** Something that is wrong with a file. */
export type FileWrong = (typeof FILE_WRONGS)[number];

/** What is wrong with a file by itself; whether it can be scanned shows when that is tried. */
export function wrongWith(file: AttachmentJudgement): readonly FileWrong[] {
  return FILE_WRONGS.filter((wrong) =>
    wrong === "unreadable" ? !file.readable : wrong !== "unscannable" && file[wrong],
  );
}
