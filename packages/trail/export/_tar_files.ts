import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import type { PackFile } from "./_pack_file.ts";
import { refusePackFile } from "./_refuse_pack_file.ts";

/**
 * The files of a packed evidence pack, which are never written anywhere.
 *
 * @throws {Error} when something is in it that no pack has: a link, another name, a file that is too long
 */
export async function* tarFiles(path: string): AsyncGenerator<PackFile> {
  const entries = extract();
  const reading = pipeline(createReadStream(path), createGunzip(), entries);
  // Whoever reads the entries is told too.
  reading.catch(() => {});
  for await (const entry of entries) {
    const { name, type, size = 0 } = entry.header;
    const refusal =
      type === "file" ? refusePackFile(name, size) : `${JSON.stringify(name.slice(0, 200))} is a ${type}`;
    if (refusal !== undefined) {
      entries.destroy();
      throw new Error(refusal);
    }
    yield { name, bytes: entry };
    entry.resume();
  }
  await reading;
}
