import { latin1 } from "./_bytes.ts";
import { type Archive, MAX_ENTRIES } from "./archive.ts";

const BLOCK = 512;

/** A file in a tar archive. */
export interface TarEntry {
  readonly name: string;
  readonly data: Uint8Array;
}

/**
 * Lists a tar archive (POSIX ustar); a long name's own entry is listed as part of its content's name. It is complete when
 * it holds only files and folders with plain names, and ends in blocks of zeros.
 */
export function listTar(bytes: Uint8Array): Archive & { readonly entries: readonly TarEntry[] } {
  const names: string[] = [];
  const entries: TarEntry[] = [];
  let complete = true;
  let at = 0;
  while (at + BLOCK <= bytes.length && names.length < MAX_ENTRIES) {
    const field = (from: number, to: number) => latin1(bytes, at + from, at + to).split("\0", 1)[0] ?? "";
    if (field(0, 100) === "") break;
    const name =
      field(257, 262) === "ustar" && field(345, 500) !== ""
        ? `${field(345, 500)}/${field(0, 100)}`
        : field(0, 100);
    const octal = field(124, 136).trim();
    const size = Number.parseInt(octal, 8) || 0;
    const kind = latin1(bytes, at + 156, at + 157);
    const long = name === "././@LongLink" || kind === "x";
    const content = latin1(bytes, at + BLOCK, at + BLOCK + Math.min(size, 1_000));
    complete &&=
      !long && /^[0-7]+$/.test(octal) && /^[05\0]$/.test(kind) && !/(?:^|\/)\.\.(?:\/|$)|^\/|\\/.test(name);
    names.push(long ? content.replace(/[\0\n]+$/, "") : name);
    if (!long) entries.push({ name, data: bytes.subarray(at + BLOCK, at + BLOCK + size) });
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  complete &&= at <= bytes.length && bytes.subarray(at).every((byte) => byte === 0);
  return { names, encrypted: false, complete, entries };
}
