import { hasAscii, latin1, littleEndian } from "./_bytes.ts";
import { type Archive, MAX_ENTRIES } from "./archive.ts";

const MAX_NAME = 1_000;

/** Lists a RAR archive, version 4 or 5 (RARLAB technical note), without unpacking it; complete if its list ends where it does. */
export function listRar(bytes: Uint8Array): Archive {
  return hasAscii(bytes, 0, "Rar!\x1a\x07\x01\x00") ? listRar5(bytes) : listRar4(bytes);
}

function listRar4(bytes: Uint8Array): Archive {
  const names: string[] = [];
  let encrypted = false;
  let at = 7;
  let ended = false;
  while (!ended && at + 7 <= bytes.length && names.length < MAX_ENTRIES) {
    const type = bytes[at + 2];
    const flags = littleEndian(bytes, at + 3, 2);
    const size = littleEndian(bytes, at + 5, 2);
    if (size < 7) break;
    if (type === 0x73 && (flags & 0x80) !== 0) return { names, encrypted: true, complete: false };
    ended = type === 0x7b;
    if (type === 0x74) {
      encrypted ||= (flags & 0x04) !== 0;
      const start = at + ((flags & 0x100) === 0 ? 32 : 40);
      names.push(latin1(bytes, start, start + Math.min(littleEndian(bytes, at + 26, 2), MAX_NAME)));
    }
    at += size + (type === 0x74 || (flags & 0x8000) !== 0 ? littleEndian(bytes, at + 7, 4) : 0);
  }
  return { names, encrypted: encrypted || names.length === 0, complete: at === bytes.length };
}

function listRar5(bytes: Uint8Array): Archive {
  const names: string[] = [];
  let encrypted = false;
  let at = 8;
  let ended = false;
  while (!ended && at + 7 <= bytes.length && names.length < MAX_ENTRIES) {
    const header = new VariableNumbers(bytes, at + 4);
    const end = header.next() + header.at;
    const type = header.next();
    const flags = header.next();
    const extra = (flags & 1) === 0 ? 0 : header.next();
    const data = (flags & 2) === 0 ? 0 : header.next();
    if (end <= at + 5) break;
    if (type === 4) return { names, encrypted: true, complete: false };
    ended = type === 5;
    if (type === 2 || type === 3) {
      if (type === 2) names.push(fileName(header));
      encrypted ||= extra > 0 && hasEncryptionRecord(bytes, end - extra, end);
    }
    at = end + data;
  }
  return { names, encrypted: encrypted || names.length === 0, complete: at === bytes.length };
}

function fileName(header: VariableNumbers): string {
  const flags = header.next();
  header.next();
  header.next();
  header.at += ((flags & 2) === 0 ? 0 : 4) + ((flags & 4) === 0 ? 0 : 4);
  header.next();
  header.next();
  const length = Math.min(header.next(), MAX_NAME);
  return latin1(header.bytes, header.at, header.at + length);
}

function hasEncryptionRecord(bytes: Uint8Array, start: number, end: number): boolean {
  const records = new VariableNumbers(bytes, start);
  while (records.at < end) {
    const next = records.next() + records.at;
    if (records.next() === 1) return true;
    if (next <= records.at - 1) return false;
    records.at = next;
  }
  return false;
}

/** Reads RAR 5's numbers of seven bits a byte, lowest first. */
class VariableNumbers {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 42; scale *= 128) {
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value;
  }
}
