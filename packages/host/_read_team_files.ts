import { resolve } from "node:path";
import { type ReadTeamFile, readTeamFile } from "./_read_team_file.ts";

/** How many files are open at a time. */
const READERS = 32;

/** A file of the folder, and what could be read of it. */
export interface TeamFileRead {
  readonly name: string;
  readonly read: ReadTeamFile;
}

/** Reads these files of a folder, in their order, a few together. */
export async function* readTeamFiles(dir: string, names: readonly string[]): AsyncGenerator<TeamFileRead> {
  for (let start = 0; start < names.length; start += READERS) {
    const batch = names.slice(start, start + READERS);
    yield* await Promise.all(
      batch.map(async (name) => ({ name, read: await readTeamFile(resolve(dir, name)) })),
    );
  }
}
