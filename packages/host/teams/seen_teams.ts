import { hash } from "node:crypto";
import { stat } from "node:fs";
import { resolve } from "node:path";
import { listTeamFiles } from "./_list_team_files.ts";
import { readTeamFiles } from "./_read_team_files.ts";

/** What lay in a folder of policies at one look. */
export interface TeamsLook {
  /** Names all of it: see `hashTeams`. */
  readonly hash: string;
  /** By file name: SHA-256 of the bytes, hexadecimal, and how many there are. Absent: the folder, or one of its files, could not be read. */
  readonly files?: ReadonlyMap<string, SeenFile>;
  /** Before then what changed last may be half of something, in epoch milliseconds; the past: nothing is. */
  readonly settledAt: number;
}

/** A sign of change as `fs.watch` gives it. */
export interface TeamsSign {
  /** `rename`: a name came, went, or stands for another file; `change`: what it stands for was written. */
  readonly event: string;
  /** Null: nobody knows. */
  readonly name: string | null;
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
  /** Which file it is, whatever it is called. */
  readonly id: string;
  readonly readAt: number;
}

/** A file that was written within so many milliseconds may be half written, and one that is missing may be replaced. */
const SETTLE_MS = 600;

/** One that took its name as a whole may be the first of several, but not half of anything. */
const WHOLE_SETTLE_MS = 200;

/** With more signs than this, one may have got lost. */
const MAX_SIGNS = 100;

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
  /** Since the last look began. */
  #signs: TeamsSign[] = [];

  /** `now` in epoch milliseconds. */
  constructor(dir: string, now: () => number = Date.now) {
    this.dir = dir;
    this.#now = now;
  }

  /** What the look that ended last saw, however long ago; undefined: there was none. */
  get latest(): TeamsLook | undefined {
    return this.#latest;
  }

  /**
   * Told by whoever watches the folder: where the system tells the two apart, a file that was moved to its name is known to
   * be a whole one. Without signs every file counts as written where it lies.
   */
  note(sign: TeamsSign): void {
    if (this.#signs.length <= MAX_SIGNS) this.#signs.push(sign);
  }

  /** What lies in the folder now, without judging it. Never throws. */
  async look(): Promise<TeamsLook> {
    const look = await this.#look();
    this.#latest = look;
    return look;
  }

  async #look(): Promise<TeamsLook> {
    const before = this.#known;
    const signs = this.#signs;
    this.#signs = [];
    const listed = await listTeamFiles(this.dir);
    if (!listed.ok) return { hash: hash("sha256", listed.message), settledAt: 0 };
    const [folder] = await statesOf(this.dir, ["."]);
    const known = new Map<string, Known>();
    const doubtful = new Map<string, FileState>();
    const changedAt = new Map<string, number>();
    const now = this.#now();
    for (let start = 0; start < listed.names.length; start += TOGETHER) {
      for (const file of await statesOf(this.dir, listed.names.slice(start, start + TOGETHER))) {
        const { name, state } = file;
        changedAt.set(name, file.changedAt);
        const last = before.get(name);
        const isSettled = state !== "" && last?.state === state && file.changedAt < last.readAt - TICK_MS;
        if (isSettled && now - last.readAt < BELIEVED_MS) known.set(name, last);
        else doubtful.set(name, file);
      }
    }
    const unread = new Map<string, string>();
    for await (const { name, read } of readTeamFiles(this.dir, [...doubtful.keys()])) {
      const { state = "", id = "" } = doubtful.get(name) ?? {};
      if (read.ok) {
        const { bytes } = read;
        known.set(name, { hash: hash("sha256", bytes), bytes: bytes.length, state, id, readAt: now });
      } else unread.set(name, read.message);
    }
    this.#known = known;
    // Signs that came meanwhile may be about what was just read.
    const whole = unread.size > 0 ? undefined : wholeFile(before, known, [...signs, ...this.#signs]);
    let settledAt = whole === undefined ? (folder?.changedAt ?? 0) + SETTLE_MS : 0;
    for (const [name, at] of changedAt)
      settledAt = Math.max(settledAt, at + (name === whole ? WHOLE_SETTLE_MS : SETTLE_MS));
    const lines = listed.names.map((name) => `${known.get(name)?.hash ?? unread.get(name)}  ${name}\n`);
    const files = unread.size === 0 && { files: known };
    return { hash: hash("sha256", lines.join("")), settledAt, ...files };
  }
}

/** The one file that is all that changed, if the signs say that it was moved to its name, and not written since. */
function wholeFile(
  before: ReadonlyMap<string, Known>,
  after: ReadonlyMap<string, Known>,
  signs: readonly TeamsSign[],
): string | undefined {
  // Elsewhere making a file and writing to it may give the one sign of a rename.
  if (process.platform !== "linux" || signs.length > MAX_SIGNS) return undefined;
  const changed = [...after].filter(([name, { state }]) => before.get(name)?.state !== state);
  const [name, file] = changed[0] ?? [];
  const isOnly = changed.length === 1 && [...before.keys()].every((one) => after.has(one));
  if (!isOnly || name === undefined || file === undefined || file.bytes === 0) return undefined;
  const about = signs.filter((sign) => sign.name === name || sign.name === null);
  const isMoved = about.length > 0 && about.every((sign) => sign.name === name && sign.event === "rename");
  return isMoved && before.get(name)?.id !== file.id ? name : undefined;
}

interface FileState {
  readonly name: string;
  readonly state: string;
  readonly id: string;
  /** Unlike other times, that of a change cannot be set; epoch milliseconds. */
  readonly changedAt: number;
}

/** Links are followed: what counts is the file that would be read. */
function statesOf(dir: string, names: readonly string[]): Promise<readonly FileState[]> {
  return Promise.all(names.map((name) => stateOf(resolve(dir, name), name)));
}

function stateOf(path: string, name: string): Promise<FileState> {
  return new Promise((settle) => {
    // With thousands of files, the call that promises takes twice as long as this one.
    stat(path, { bigint: true }, (error, info) => {
      // Reading it says what is wrong.
      if (error !== null) return settle({ name, state: "", id: "", changedAt: 0 });
      const { dev, ino, size, mtimeNs, ctimeNs } = info;
      const id = `${dev} ${ino}`;
      const state = `${id} ${size} ${mtimeNs} ${ctimeNs}`;
      settle({ name, state, id, changedAt: Number(ctimeNs / 1_000_000n) });
    });
  });
}
