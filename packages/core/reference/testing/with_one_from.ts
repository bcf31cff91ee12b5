import { parse, stringify } from "yaml";
import type { PolicyFile } from "../../policy/mod.ts";

/** The files with one key of a team's as others have it: what somebody edits. */
export function withOneFrom(
  files: readonly PolicyFile[],
  other: readonly PolicyFile[],
  key: number,
): readonly PolicyFile[] {
  return files.map((file) => {
    const read = (from: PolicyFile): Record<string, unknown> => parse(new TextDecoder().decode(from.bytes));
    const theirs = other.find(({ name }) => name === file.name);
    if (theirs === undefined || file.name.startsWith("_")) return file;
    const [own, source] = [read(file), read(theirs)];
    const keys = [...new Set([...Object.keys(own), ...Object.keys(source)])].filter(
      (one) => one !== "team" && one !== "mailbox",
    );
    const chosen = keys[key % keys.length] ?? "recipients";
    const { [chosen]: _, ...rest } = own;
    const value = source[chosen];
    return {
      ...file,
      bytes: new TextEncoder().encode(
        stringify(
          { ...rest, ...(value !== undefined && { [chosen]: value }) },
          { aliasDuplicateObjects: false },
        ),
      ),
    };
  });
}
