import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { hashTeams } from "./hash_teams.ts";
import { SeenTeams, type TeamsSign } from "./seen_teams.ts";

const HOUR_MS = 3_600_000;

test("SeenTeams sees every change that the bytes have, however it comes about", async (t) => {
  const text = (word: string) => `team: a # ${word}\n`;
  const changes: Readonly<Record<string, (folder: string) => void>> = {
    "in place, as long as before": (folder) => writeFileSync(join(folder, "a.yaml"), text("two")),
    "in place, with the old times": (folder) => {
      const at = new Date(Date.now() - HOUR_MS);
      writeFileSync(join(folder, "a.yaml"), text("two"));
      utimesSync(join(folder, "a.yaml"), at, at);
    },
    "by a file that takes its place": (folder) => {
      writeFileSync(join(folder, "a.tmp"), text("two"));
      renameSync(join(folder, "a.tmp"), join(folder, "a.yaml"));
    },
    "by taking it away": (folder) => rmSync(join(folder, "a.yaml")),
    "by another file": (folder) => writeFileSync(join(folder, "b.yaml"), text("one")),
    "by another name": (folder) => renameSync(join(folder, "a.yaml"), join(folder, "c.yaml")),
  };
  for (const [name, change] of Object.entries(changes)) {
    await t.test(name, async () => {
      const folder = mkdtempSync(join(tmpdir(), "countersign-"));
      writeFileSync(join(folder, "a.yaml"), text("one"));
      const seen = new SeenTeams(folder);
      const first = await seen.look();
      change(folder);
      const second = await seen.look();
      assert.notEqual(second.hash, first.hash);
      assert.equal(second.hash, await hashTeams(folder));
    });
  }
});

test("SeenTeams follows links to folders that are swapped, as of a mounted config map", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  for (const version of ["..1", "..2"]) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, "a.yaml"), `team: a # ${version}\n`);
  }
  symlinkSync("..1", join(folder, "..data"));
  symlinkSync("..data/a.yaml", join(folder, "a.yaml"));
  const seen = new SeenTeams(folder);
  const first = await seen.look();
  symlinkSync("..2", join(folder, "..data_tmp"));
  renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  assert.notEqual((await seen.look()).hash, first.hash);
});

test("SeenTeams believes what the system says of a file only long after it changed, and not for ever", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  const file = join(folder, "a.yaml");
  writeFileSync(file, "team: a\n");
  let later = 0;
  const seen = new SeenTeams(folder, () => Date.now() + later);
  const read = async () => {
    const before = (await seen.look()).files?.get("a.yaml");
    return (await seen.look()).files?.get("a.yaml") !== before;
  };
  // It changed a moment ago: a change within the same tick would not show.
  assert.equal(await read(), true);
  later = 60_000;
  assert.equal(await read(), false);
  const before = (await seen.look()).files?.get("a.yaml");
  later = 60_000 + 11 * 60_000;
  assert.notEqual((await seen.look()).files?.get("a.yaml"), before);
  assert.equal(before?.bytes, readFileSync(file).length);
});

test("SeenTeams names no files when one cannot be read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-"));
  writeFileSync(join(folder, "a.yaml"), "team: a\n");
  symlinkSync("nowhere", join(folder, "b.yaml"));
  const look = await new SeenTeams(folder).look();
  assert.equal(look.files, undefined);
  assert.equal(look.hash, await hashTeams(folder));
});

test("SeenTeams takes one file that was moved to its name for whole, and nothing else", {
  skip: process.platform !== "linux" && "only there the system tells moving and writing apart",
}, async (t) => {
  const text = "team: a # two\n";
  const put = (folder: string, name: string) => {
    writeFileSync(join(folder, ".new"), text);
    renameSync(join(folder, ".new"), join(folder, name));
  };
  const rename = (name: string | null) => ({ event: "rename", name });
  const write = (name: string) => ({ event: "change", name });
  const moved = [rename(".new"), write(".new"), rename(".new"), rename("a.yaml")];
  /** Signs, and the change that they are about. */
  const changes: Readonly<
    Record<string, readonly [whole: boolean, signs: readonly TeamsSign[], change: (folder: string) => void]>
  > = {
    "moved over another": [true, moved, (folder) => put(folder, "a.yaml")],
    "moved to a new name": [true, [rename(".new"), rename("b.yaml")], (folder) => put(folder, "b.yaml")],
    "moved, without a sign": [false, [], (folder) => put(folder, "a.yaml")],
    "moved, with a sign that nobody can tell": [
      false,
      [...moved, rename(null)],
      (folder) => put(folder, "a.yaml"),
    ],
    "moved, with more signs than can be told": [
      false,
      [...Array.from({ length: 200 }, () => rename(".other")), ...moved],
      (folder) => put(folder, "a.yaml"),
    ],
    "moved, and written to": [
      false,
      [...moved, write("a.yaml")],
      (folder) => {
        put(folder, "a.yaml");
        appendFileSync(join(folder, "a.yaml"), "#\n");
      },
    ],
    "moved empty": [
      false,
      moved,
      (folder) => {
        writeFileSync(join(folder, ".new"), "");
        renameSync(join(folder, ".new"), join(folder, "a.yaml"));
      },
    ],
    "moved, with another": [
      false,
      [...moved, rename("b.yaml")],
      (folder) => {
        put(folder, "a.yaml");
        put(folder, "b.yaml");
      },
    ],
    "moved, while another went": [
      false,
      [...moved, rename("c.yaml")],
      (folder) => {
        put(folder, "a.yaml");
        rmSync(join(folder, "c.yaml"));
      },
    ],
    "moved away": [false, [rename("a.yaml")], (folder) => rmSync(join(folder, "a.yaml"))],
    "written in place": [false, [write("a.yaml")], (folder) => writeFileSync(join(folder, "a.yaml"), text)],
    "written in place, although the sign says otherwise": [
      false,
      [rename("a.yaml")],
      (folder) => writeFileSync(join(folder, "a.yaml"), text),
    ],
    "written to a new name": [
      false,
      [rename("b.yaml"), write("b.yaml")],
      (folder) => writeFileSync(join(folder, "b.yaml"), text),
    ],
  };
  for (const [name, [whole, signs, change]] of Object.entries(changes)) {
    await t.test(name, async () => {
      const folder = mkdtempSync(join(tmpdir(), "countersign-"));
      for (const file of ["a.yaml", "c.yaml"]) writeFileSync(join(folder, file), "team: a\n");
      const seen = new SeenTeams(folder);
      // Long after the last change.
      await until(async () => (await seen.look()).settledAt < Date.now());
      change(folder);
      for (const sign of signs) seen.note(sign);
      const { settledAt } = await seen.look();
      // The folder changes with whatever happens in it, but for writing in place.
      const changedAt = Math.max(...[".", ...readdirSync(folder)].map((file) => ctimeOf(join(folder, file))));
      assert.equal(settledAt - changedAt, whole ? 200 : 600);
    });
  }
});

function ctimeOf(path: string): number {
  return Number(statSync(path, { bigint: true }).ctimeNs / 1_000_000n);
}

async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await sleep(20);
}
