import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type PackFile, refusePackFile } from "./_pack_file.ts";

/** In the order in which a pack holds them. */
const ORDER = ["proof.json", "checkpoints/", "policies/", "records/", "manifest.json"];

/** Files of a folder that are looked at: more are in no pack. */
const MAX_FILES = 1_000_000;

/**
 * The files of an evidence pack that was unpacked into a folder. Hidden files, which desktops leave behind, are passed over.
 *
 * @throws {Error} when something is in it that no pack has
 */
export async function* folderFiles(folder: string): AsyncGenerator<PackFile> {
  const names: string[] = [];
  for (const name of await readdir(folder)) {
    if (name.startsWith(".")) continue;
    const { isDirectory } = await kindOf(folder, name);
    if (!isDirectory) names.push(name);
    else for (const inner of await readdir(join(folder, name))) names.push(`${name}/${inner}`);
    if (names.length > MAX_FILES) throw new Error(`it has more than ${MAX_FILES} files`);
  }
  for (const name of names.sort(byOrder)) {
    if (name.split("/").at(-1)?.startsWith(".")) continue;
    const { isFile, size } = await kindOf(folder, name);
    const refusal = isFile ? refusePackFile(name, size) : `${JSON.stringify(name)} is no file`;
    if (refusal !== undefined) throw new Error(refusal);
    yield { name, bytes: createReadStream(join(folder, name), { highWaterMark: 1 << 20 }) };
  }
}

/** Without following a link. */
async function kindOf(folder: string, name: string) {
  const found = await lstat(join(folder, name));
  return { isFile: found.isFile(), isDirectory: found.isDirectory(), size: found.size };
}

function byOrder(a: string, b: string): number {
  return placeOf(a) - placeOf(b) || numberOf(a) - numberOf(b) || (a < b ? -1 : 1);
}

function placeOf(name: string): number {
  return ORDER.findIndex((prefix) => name.startsWith(prefix));
}

function numberOf(name: string): number {
  return Number(/\/(\d+)\./.exec(name)?.[1] ?? 0);
}
