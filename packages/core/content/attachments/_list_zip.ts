import { hasAscii, indexOfAscii, littleEndian } from "./_bytes.ts";
import { type Archive, MAX_ENTRIES } from "./archive.ts";

const LOCAL = "PK\x03\x04";
const CENTRAL = "PK\x01\x02";
const END = "PK\x05\x06";
const DESCRIPTOR = "PK\x07\x08";
/** The record itself, and the longest comment after it. */
const MAX_END = 22 + 65_535;
const MAX_NAME = 1_000;

/** A file in a ZIP, as both of its headers describe it. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored; 8: deflated. */
  readonly method: number;
  readonly packed: Uint8Array;
  /** Unpacked, in bytes. */
  readonly size: number;
}

/** A ZIP's entries. */
export interface ZipArchive extends Archive {
  /** Empty unless `complete`. */
  readonly entries: readonly ZipEntry[];
}

/**
 * Lists a ZIP (PKWARE APPNOTE 6.3.10). Programs read its central directory or its local headers, from the front or the
 * back, so it is complete only if both say the same: the entries' headers and data lie side by side from the first byte
 * to the directory, the directory ends at its end record, and that at the end of the file. ZIP64 is not needed for what
 * fits in an email. The names that either has are told in any case.
 */
export function listZip(bytes: Uint8Array): ZipArchive {
  const central = listCentral(bytes);
  const local = listLocal(bytes);
  const names = [...new Set([...(central?.names ?? []), ...local.names])];
  const encrypted = local.encrypted || central?.encrypted === true;
  const entries = central?.records === undefined ? undefined : matchLocals(bytes, central);
  return { names, encrypted, complete: entries !== undefined, entries: entries ?? [] };
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

interface CentralRecord {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  readonly localAt: number;
}

interface CentralList {
  readonly names: readonly string[];
  readonly encrypted: boolean;
  /** Where the directory begins. */
  readonly start: number;
  /** Undefined when the directory does not fit its end record. */
  readonly records?: readonly CentralRecord[];
}

function listCentral(bytes: Uint8Array): CentralList | undefined {
  const end = zipEnd(bytes);
  if (end < 0) return undefined;
  const count = littleEndian(bytes, end + 10, 2);
  const size = littleEndian(bytes, end + 12, 4);
  const stated = littleEndian(bytes, end + 16, 4);
  const start = [end - size, stated].find((at) => hasAscii(bytes, at, CENTRAL));
  if (start === undefined) {
    const empty = end === 0 && count === 0 && size === 0;
    return empty
      ? { names: [], encrypted: false, start: 0, ...(isLast(bytes, end) && { records: [] }) }
      : undefined;
  }
  const records: CentralRecord[] = [];
  let encrypted = false;
  let plain = true;
  let at = start;
  while (records.length < MAX_ENTRIES && hasAscii(bytes, at, CENTRAL)) {
    const length = littleEndian(bytes, at + 28, 2);
    const extra = littleEndian(bytes, at + 30, 2);
    encrypted ||= isLocked(bytes, at + 8, at + 10);
    plain &&= length > 0 && length <= MAX_NAME && !hasOtherName(bytes, at + 46 + length, extra);
    records.push({
      name: nameAt(bytes, at + 46, length),
      flags: littleEndian(bytes, at + 8, 2),
      method: littleEndian(bytes, at + 10, 2),
      packedSize: littleEndian(bytes, at + 20, 4),
      size: littleEndian(bytes, at + 24, 4),
      localAt: littleEndian(bytes, at + 42, 4),
    });
    at += 46 + length + extra + littleEndian(bytes, at + 32, 2);
  }
  const fits =
    plain &&
    at === end &&
    start === stated &&
    records.length === count &&
    littleEndian(bytes, end + 8, 2) === count &&
    littleEndian(bytes, end + 4, 4) === 0 &&
    isLast(bytes, end);
  return { names: records.map(({ name }) => name), encrypted, start, ...(fits && { records }) };
}

/** The end record ends the file, and its comment holds no other. */
function isLast(bytes: Uint8Array, end: number): boolean {
  return (
    end + 22 + littleEndian(bytes, end + 20, 2) === bytes.length && indexOfAscii(bytes, "PK", end + 22) < 0
  );
}

/** The entries, if the local headers say the same and leave no byte to anything else. */
function matchLocals(
  bytes: Uint8Array,
  { records = [], start }: CentralList,
): readonly ZipEntry[] | undefined {
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  const sorted = [...records].sort((a, b) => a.localAt - b.localAt);
  let at = 0;
  for (const { name, flags, method, packedSize, size, localAt } of sorted) {
    const length = littleEndian(bytes, at + 26, 2);
    const extra = littleEndian(bytes, at + 28, 2);
    const streamed = (flags & 8) !== 0;
    const same =
      localAt === at &&
      hasAscii(bytes, at, LOCAL) &&
      nameAt(bytes, at + 30, length) === name &&
      littleEndian(bytes, at + 6, 2) === flags &&
      littleEndian(bytes, at + 8, 2) === method &&
      !hasOtherName(bytes, at + 30 + length, extra) &&
      (streamed || (sizeIs(bytes, at + 18, packedSize) && sizeIs(bytes, at + 22, size)));
    if (!same || !isPlainName(name) || names.has(name.toLowerCase())) return undefined;
    names.add(name.toLowerCase());
    const data = at + 30 + length + extra;
    at = data + packedSize;
    if (streamed) at += descriptorLength(bytes, at, packedSize, size);
    if (at > start) return undefined;
    entries.push({ name, method, packed: bytes.subarray(data, data + packedSize), size });
  }
  return at === start ? entries : undefined;
}

function sizeIs(bytes: Uint8Array, at: number, size: number): boolean {
  return littleEndian(bytes, at, 4) === size;
}

/** The data descriptor has a signature or none, and sizes of four or eight bytes. */
function descriptorLength(bytes: Uint8Array, at: number, packed: number, size: number): number {
  const head = hasAscii(bytes, at, DESCRIPTOR) ? 8 : 4;
  if (sizeIs(bytes, at + head, packed) && sizeIs(bytes, at + head + 4, size)) return head + 8;
  const wide =
    sizeIs(bytes, at + head, packed) &&
    sizeIs(bytes, at + head + 4, 0) &&
    sizeIs(bytes, at + head + 8, size) &&
    sizeIs(bytes, at + head + 12, 0);
  return wide ? head + 16 : 0;
}

/** Info-ZIP's and Unicode's second name for an entry (extra fields 0x7075, and 0x0001 for ZIP64's sizes). */
function hasOtherName(bytes: Uint8Array, start: number, length: number): boolean {
  for (let at = start; at + 4 <= start + length; at += 4 + littleEndian(bytes, at + 2, 2)) {
    if (littleEndian(bytes, at, 2) === 0x7075) return true;
  }
  return false;
}

function isPlainName(name: string): boolean {
  return !/^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\\|\0/.test(name);
}

function nameAt(bytes: Uint8Array, start: number, length: number): string {
  return new TextDecoder().decode(bytes.subarray(start, start + Math.min(length, MAX_NAME)));
}

/** From the first header on, as long as each says how long its data is. */
function listLocal(bytes: Uint8Array): { readonly names: readonly string[]; readonly encrypted: boolean } {
  const names: string[] = [];
  let encrypted = false;
  for (let at = 0; at + 30 < bytes.length && names.length < MAX_ENTRIES && hasAscii(bytes, at, LOCAL); ) {
    const length = littleEndian(bytes, at + 26, 2);
    encrypted ||= isLocked(bytes, at + 6, at + 8);
    names.push(nameAt(bytes, at + 30, length));
    at += 30 + length + littleEndian(bytes, at + 28, 2) + littleEndian(bytes, at + 18, 4);
  }
  return { names, encrypted };
}

/** General purpose bit 0 (or 6, 13: strong encryption, masked headers); method 99 is WinZip's AES. */
function isLocked(bytes: Uint8Array, flagsAt: number, methodAt: number): boolean {
  return (littleEndian(bytes, flagsAt, 2) & 0x2041) !== 0 || littleEndian(bytes, methodAt, 2) === 99;
}
