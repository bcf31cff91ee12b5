import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { type PackFile, refusePackFile } from "./_pack_file.ts";

/** Of a pack: how many times its own size it may have unpacked, once that is more than a few files. */
const MAX_RATIO = 200;
const MIN_BOMB = 1024 * 1024 * 1024;

/**
 * The files of a packed evidence pack, which are never written anywhere.
 *
 * @throws {Error} when something is in it that no pack has: a link, another name, a file that is too long; or it becomes
 * out of all proportion when it is unpacked
 */
export async function* tarFiles(path: string): AsyncGenerator<PackFile> {
  const entries = extract();
  const reading = pipeline(createReadStream(path), createGunzip(), entries);
  // Whoever reads the entries is told too.
  reading.catch(() => {});
  const packed = (await stat(path)).size;
  let unpacked = 0;
  for await (const entry of entries) {
    const { name, type, size = 0 } = entry.header;
    unpacked += size + 512;
    const refusal =
      type !== "file"
        ? `${JSON.stringify(name.slice(0, 200))} is a ${type}`
        : unpacked > MIN_BOMB && unpacked > packed * MAX_RATIO
          ? `it has ${packed} bytes and becomes more than ${MAX_RATIO} times that`
          : refusePackFile(name, size);
    if (refusal !== undefined) {
      entries.destroy();
      throw new Error(refusal);
    }
    yield { name, bytes: entry };
    entry.resume();
  }
  await reading;
}
