import { latin1 } from "./_bytes.ts";
import { type Archive, MAX_ENTRIES } from "./archive.ts";

const BLOCK = 512;
const MAX_LONG = 10_000;

/** A file in a tar archive. */
export interface TarEntry {
  readonly name: string;
  readonly data: Uint8Array;
}

/**
 * Lists a tar archive (POSIX ustar and pax, GNU's long names). It is complete when it holds only files and folders with
 * plain names, and ends in blocks of zeros.
 */
export function listTar(bytes: Uint8Array): Archive & { readonly entries: readonly TarEntry[] } {
  const names: string[] = [];
  const entries: TarEntry[] = [];
  let complete = true;
  let at = 0;
  /** What an entry says of the next one, whose own name was too long. */
  let longName: string | undefined;
  while (at + BLOCK <= bytes.length && names.length < MAX_ENTRIES) {
    const field = (from: number, to: number) => latin1(bytes, at + from, at + to).split("\0", 1)[0] ?? "";
    if (field(0, 100) === "") break;
    const prefix = field(257, 262) === "ustar" && bytes[at + 263] === 0x30 ? field(345, 500) : "";
    const short = prefix === "" ? field(0, 100) : `${prefix}/${field(0, 100)}`;
    const octal = field(124, 136).trim();
    const size = Number.parseInt(octal, 8) || 0;
    const kind = latin1(bytes, at + 156, at + 157);
    const data = bytes.subarray(at + BLOCK, at + BLOCK + size);
    complete &&= /^[0-7]+$/.test(octal) && data.length === size;
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
    if (kind === "x" || kind === "g" || kind === "L") {
      const content = new TextDecoder().decode(data.subarray(0, MAX_LONG));
      longName =
        kind === "L" ? content.replace(/\0+$/, "") : (/^\d+ path=(.*)$/m.exec(content)?.[1] ?? longName);
      // Another size, a link or a file in pieces: what programs make of it differs.
      complete &&=
        size < MAX_LONG &&
        !/^\d+ (?:size|linkpath|GNU\.sparse\.[\w.]+|hdrcharset)=/m.test(content) &&
        !(kind === "g" && longName !== undefined);
      if (longName !== undefined) names.push(longName);
      continue;
    }
    const name = longName ?? short;
    longName = undefined;
    complete &&= /^[05\0]$/.test(kind) && !/(?:^|\/)\.\.(?:\/|$)|^\/|\\/.test(name);
    names.push(name, short);
    if (kind !== "5") entries.push({ name, data });
    else complete &&= size === 0;
  }
  complete &&= at <= bytes.length && bytes.subarray(at).every((byte) => byte === 0);
  return { names: [...new Set(names)], encrypted: false, complete, entries };
}
