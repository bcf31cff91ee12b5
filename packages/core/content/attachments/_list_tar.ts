import { latin1 } from "./_bytes.ts";
import { type Archive, MAX_ENTRIES } from "./archive.ts";

const BLOCK = 512;

/** Lists a tar archive (POSIX ustar); a long name's own entry is listed as part of its content's name. */
export function listTar(bytes: Uint8Array): Archive {
  const names: string[] = [];
  for (let at = 0; at + BLOCK <= bytes.length && names.length < MAX_ENTRIES; ) {
    const name = latin1(bytes, at, at + 100).split("\0", 1)[0] ?? "";
    if (name === "") break;
    const size = Number.parseInt(latin1(bytes, at + 124, at + 136).trim(), 8) || 0;
    const long = name === "././@LongLink" || latin1(bytes, at + 156, at + 157) === "x";
    const content = latin1(bytes, at + BLOCK, at + BLOCK + Math.min(size, 1_000));
    names.push(long ? content.replace(/[\0\n]+$/, "") : name);
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  return { names, encrypted: false };
}
