import { hasAscii, latin1, littleEndian } from "./_bytes.ts";
import { listRar } from "./_list_rar.ts";
import { listTar } from "./_list_tar.ts";
import { endsAsZip, listZip } from "./_list_zip.ts";
import type { Archive } from "./archive.ts";

/** Also of OOXML, OpenDocument, JAR and APK files. */
const ZIP_BEGINNINGS = ["PK\x03\x04", "PK\x05\x06", "PK\x07\x08"];

/** Lists the archive that the bytes of this type are, or that they end in. Nothing for what is no archive. */
export function listArchive(bytes: Uint8Array, type: string | undefined): Archive | undefined {
  if (type === "application/vnd.rar") return listRar(bytes);
  if (type === "application/x-tar") return listTar(bytes);
  if (type === "application/x-7z-compressed")
    return { names: [], encrypted: !hasOpenHeader(bytes), complete: false };
  if (type === "application/gzip") return { names: [gzipName(bytes)], encrypted: false, complete: true };
  const zip = ZIP_BEGINNINGS.some((magic) => hasAscii(bytes, 0, magic)) || endsAsZip(bytes);
  return zip ? listZip(bytes) : undefined;
}

/**
 * 7-Zip writes the list of entries packed, and then only unpacking could tell whether a password is needed and what
 * is inside. A plain list begins with 1; it is rare.
 */
function hasOpenHeader(bytes: Uint8Array): boolean {
  return bytes[32 + littleEndian(bytes, 12, 6)] === 1;
}

/** RFC 1952: the original file's name, if flag 3 says that there is one. */
export function gzipName(bytes: Uint8Array): string {
  const flags = bytes[3] ?? 0;
  const start = 10 + ((flags & 4) === 0 ? 0 : 2 + littleEndian(bytes, 10, 2));
  return (flags & 8) === 0 ? "" : (latin1(bytes, start, start + 1_000).split("\0", 1)[0] ?? "");
}
