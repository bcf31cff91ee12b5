import { hash } from "node:crypto";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { listTeamFiles } from "./_list_team_files.ts";
import { readTeamFiles } from "./_read_team_files.ts";

/** What lay in a folder of policies at one look. */
export interface TeamsLook {
  /** Names all of it: see `hashTeams`. */
  readonly hash: string;
  /** By file name: SHA-256 of the bytes, hexadecimal, and how many there are. Absent: the folder, or one of its files, could not be read. */
  readonly files?: ReadonlyMap<string, SeenFile>;
  /** When the folder or one of its files changed last as the system tells, in epoch milliseconds. */
  readonly changedAt: number;
}

/** A file's content by its hash. */
export interface SeenFile {
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string;
  readonly bytes: number;
}

/** What is known of a file: its content as long as the system says the same of it. */
interface Known extends SeenFile {
  /** Where it lies, how large it is, and when it changed. */
  readonly state: string;
  readonly readAt: number;
}

/** A file that changes within the same tick of the system's clock as before looks the same: such a young one is not believed. */
const TICK_MS = 2_000;

/** After so long a file is read all the same: not every file system tells of every change. */
const BELIEVED_MS = 10 * 60_000;

/** How many files are asked about at a time. */
const TOGETHER = 64;

/** Looks through a folder of policies again and again, and reads only files that may have changed. */
export class SeenTeams {
  readonly dir: string;
  readonly #now: () => number;
  #known: ReadonlyMap<string, Known> = new Map();
  #latest: TeamsLook | undefined;

  /** `now` in epoch milliseconds. */
  constructor(dir: string, now: () => number = Date.now) {
    this.dir = dir;
    this.#now = now;
  }

  /** What the look that ended last saw, however long ago; undefined: there was none. */
  get latest(): TeamsLook | undefined {
    return this.#latest;
  }

  /** What lies in the folder now, without judging it. Never throws. */
  async look(): Promise<TeamsLook> {
    const look = await this.#look();
    this.#latest = look;
    return look;
  }

  async #look(): Promise<TeamsLook> {
    const listed = await listTeamFiles(this.dir);
    if (!listed.ok) return { hash: hash("sha256", listed.message), changedAt: 0 };
    const [folder] = await statesOf(this.dir, ["."]);
    let changedAt = folder?.changedAt ?? 0;
    const known = new Map<string, Known>();
    const doubtful: string[] = [];
    const states = new Map<string, string>();
    const now = this.#now();
    for (let start = 0; start < listed.names.length; start += TOGETHER) {
      for (const { name, state, changedAt: at } of await statesOf(
        this.dir,
        listed.names.slice(start, start + TOGETHER),
      )) {
        changedAt = Math.max(changedAt, at);
        const before = this.#known.get(name);
        const isSettled = state !== "" && before?.state === state && at < before.readAt - TICK_MS;
        if (isSettled && now - before.readAt < BELIEVED_MS) known.set(name, before);
        else {
          doubtful.push(name);
          states.set(name, state);
        }
      }
    }
    const unread = new Map<string, string>();
    for await (const { name, read } of readTeamFiles(this.dir, doubtful)) {
      if (read.ok)
        known.set(name, {
          hash: hash("sha256", read.bytes),
          bytes: read.bytes.length,
          state: states.get(name) ?? "",
          readAt: now,
        });
      else unread.set(name, read.message);
    }
    this.#known = known;
    const lines = listed.names.map((name) => `${known.get(name)?.hash ?? unread.get(name)}  ${name}\n`);
    return { hash: hash("sha256", lines.join("")), changedAt, ...(unread.size === 0 && { files: known }) };
  }
}

interface FileState {
  readonly name: string;
  readonly state: string;
  readonly changedAt: number;
}

/** Links are followed: what counts is the file that would be read. */
function statesOf(dir: string, names: readonly string[]): Promise<readonly FileState[]> {
  return Promise.all(
    names.map(async (name) => {
      try {
        const { dev, ino, size, mtimeNs, ctimeNs } = await stat(resolve(dir, name), { bigint: true });
        return {
          name,
          state: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`,
          changedAt: Number(ctimeNs / 1_000_000n),
        };
      } catch {
        // Reading it says what is wrong.
        return { name, state: "", changedAt: 0 };
      }
    }),
  );
}
