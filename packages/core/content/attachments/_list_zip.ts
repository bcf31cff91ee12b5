import { hasAscii, latin1, littleEndian } from "./_bytes.ts";
import type { Archive } from "./archive.ts";
import { MAX_ENTRIES } from "./archive.ts";

const LOCAL = "PK\x03\x04";
const CENTRAL = "PK\x01\x02";
const END = "PK\x05\x06";
/** The record itself, and the longest comment after it. */
const MAX_END = 22 + 65_535;
const MAX_NAME = 1_000;

/**
 * Lists a ZIP (PKWARE APPNOTE 6.3.10) by its central directory and by its local headers: programs read either, so
 * what only one of them names counts too. Bytes before the archive are skipped, as programs do.
 */
export function listZip(bytes: Uint8Array): Archive {
  const central = listCentral(bytes);
  const local = listLocal(bytes);
  const names = [...new Set([...(central?.names ?? []), ...local.names])];
  const listed = central !== undefined || local.names.length > 0 || isEmptyZip(bytes);
  return { names, encrypted: !listed || local.encrypted || central?.encrypted === true };
}

/** Whether the last record of a ZIP ends where the file ends: then programs take it for one, whatever it begins with. */
export function endsAsZip(bytes: Uint8Array): boolean {
  const end = zipEnd(bytes);
  return (
    end >= 0 &&
    end + 22 + littleEndian(bytes, end + 20, 2) === bytes.length &&
    listCentral(bytes) !== undefined
  );
}

function zipEnd(bytes: Uint8Array): number {
  const lowest = Math.max(0, bytes.length - MAX_END);
  for (let at = bytes.length - 22; at >= lowest; at--)
    if (bytes[at] === 0x50 && hasAscii(bytes, at, END)) return at;
  return -1;
}

function isEmptyZip(bytes: Uint8Array): boolean {
  return hasAscii(bytes, 0, END) && littleEndian(bytes, 10, 2) === 0;
}

function listCentral(bytes: Uint8Array): Archive | undefined {
  const end = zipEnd(bytes);
  if (end < 0) return undefined;
  const size = littleEndian(bytes, end + 12, 4);
  const stated = littleEndian(bytes, end + 16, 4);
  const start = [end - size, stated].find((at) => hasAscii(bytes, at, CENTRAL));
  if (start === undefined) return undefined;
  const names: string[] = [];
  let encrypted = false;
  for (let at = start; names.length < MAX_ENTRIES && hasAscii(bytes, at, CENTRAL); ) {
    const length = littleEndian(bytes, at + 28, 2);
    encrypted ||= isLocked(bytes, at + 8, at + 10);
    names.push(latin1(bytes, at + 46, at + 46 + Math.min(length, MAX_NAME)));
    at += 46 + length + littleEndian(bytes, at + 30, 2) + littleEndian(bytes, at + 32, 2);
  }
  return { names, encrypted };
}

/** From the first header on, as long as each says how long its data is. */
function listLocal(bytes: Uint8Array): Archive {
  const names: string[] = [];
  let encrypted = false;
  for (let at = 0; at + 30 < bytes.length && names.length < MAX_ENTRIES && hasAscii(bytes, at, LOCAL); ) {
    const length = littleEndian(bytes, at + 26, 2);
    encrypted ||= isLocked(bytes, at + 6, at + 8);
    names.push(latin1(bytes, at + 30, at + 30 + Math.min(length, MAX_NAME)));
    at += 30 + length + littleEndian(bytes, at + 28, 2) + littleEndian(bytes, at + 18, 4);
  }
  return { names, encrypted };
}

/** General purpose bit 0 (or 6, 13: strong encryption, masked headers); method 99 is WinZip's AES. */
function isLocked(bytes: Uint8Array, flagsAt: number, methodAt: number): boolean {
  return (littleEndian(bytes, flagsAt, 2) & 0x2041) !== 0 || littleEndian(bytes, methodAt, 2) === 99;
}
