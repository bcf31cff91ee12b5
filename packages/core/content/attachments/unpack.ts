import { gzipName, listArchive } from "./_list_archive.ts";
import { listTar } from "./_list_tar.ts";
import { listZip } from "./_list_zip.ts";
import type { Look } from "./look.ts";

/** A file in an archive. */
export interface UnpackedFile {
  readonly name: string;
  /** Undefined when it cannot be unpacked, or is too much. */
  readonly bytes: Uint8Array | undefined;
}

/** The files that the archive of this type holds, folders left out; `undefined` if it is none that can be unpacked. */
export function unpack(
  {
    name,
    bytes,
    actual,
  }: { readonly name: string; readonly bytes: Uint8Array; readonly actual: string | undefined },
  look: Look,
): readonly UnpackedFile[] | undefined {
  if (actual === "application/gzip") {
    const stem = name.replace(/\.tgz$/i, ".tar").replace(/\.gz$/i, "");
    return [{ name: gzipName(bytes) || stem, bytes: look.gunzip(bytes) }];
  }
  if (actual === "application/x-tar")
    return listTar(bytes).entries.map(({ name, data }) => ({ name, bytes: data }));
  const archive = listArchive(bytes, actual);
  if (archive === undefined || !archive.complete || actual === "application/vnd.rar") return undefined;
  return listZip(bytes)
    .entries.filter((entry) => !entry.name.endsWith("/"))
    .map((entry) => ({ name: entry.name, bytes: look.unzip(entry) }));
}
