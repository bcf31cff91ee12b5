import { open, stat } from "node:fs/promises";
import { readRecord } from "../record/read_record.ts";
import type { StoredRecord } from "../store/stored.ts";
import type { TrailPage, TrailSource } from "../store/trail_source.ts";
import { ExportPages } from "./_export_pages.ts";
import { folderFiles } from "./_folder_files.ts";
import { jsonlPieces } from "./_jsonl_pieces.ts";
import { packPieces } from "./_pack_pieces.ts";
import { type Piece, type ReadLine, readLine } from "./_read_line.ts";
import { tarFiles } from "./_tar_files.ts";
import { type ExportHeader, readHeader } from "./export_header.ts";

/** An export that can be verified (`verifyTrail`). */
export interface OpenedExport extends TrailSource {
  readonly header: ExportHeader;
}

/**
 * Opens an export to verify it: JSON lines, an evidence pack, or the folder that one was unpacked into. It is read from
 * its beginning each time that its pages are asked for, never all at once, and nothing of it is written anywhere.
 *
 * @throws {Error} when it is no export; its pages throw too when something is in it that no export has
 */
export async function openExport(path: string): Promise<OpenedExport> {
  const read = await readerOf(path);
  const header = await withName(path, async () => {
    for await (const [piece] of read(readLine)) if (piece !== undefined) return headerOf(piece);
    throw new Error("it is empty");
  });
  const { from, to, size, left, right } = header;
  const isWhole = from === 0 && to === size;
  return {
    header,
    declared: header,
    sealedKinds: header.values,
    ...(!isWhole && { stretch: { from, to, left: left.map(bytesOf), right: right.map(bytesOf) } }),
    ...(header.values.length > 0 && { records: erasureReader(read, header) }),
    pages: () => pagesOf(path, read, header),
  };
}

type Read = (read: ReadLine) => AsyncIterable<readonly Piece[]>;

/** Reads the erasures once, so that they need not be looked for whenever a value is absent. */
function erasureReader(read: Read, { from }: ExportHeader): NonNullable<TrailSource["records"]> {
  let found: Promise<readonly Pick<StoredRecord, "record" | "json">[]> | undefined;
  return async function* ({ fromSeq }) {
    found ??= findErasures(read(readPlace), from);
    for (const erasure of await found) if (erasure.record.seq >= fromSeq) yield erasure;
  };
}

async function findErasures(
  blocks: AsyncIterable<readonly Piece[]>,
  from: number,
): Promise<readonly Pick<StoredRecord, "record" | "json">[]> {
  const found: Pick<StoredRecord, "record" | "json">[] = [];
  let place = from;
  for await (const block of blocks) {
    for (const piece of block) {
      // A pack has its header, checkpoints and policies as pieces too, which take no place.
      if (piece.is !== "record" && piece.is !== "leaf") continue;
      const seq = place++;
      if (piece.is === "leaf") continue;
      // What is no record shows in its place; whatever follows explains nothing.
      if (!piece.json.startsWith(RECORD)) return found;
      const record = piece.json.includes(ERASURE) ? readRecord(piece.json) : undefined;
      if (record?.seq === seq) found.push({ record, json: piece.json });
    }
  }
  return found;
}

/** Of the lines, those that take a place among the records. */
const readPlace: ReadLine = (line) => {
  if (line.startsWith(RECORD)) return { is: "record", json: line };
  const piece = line.startsWith('{"value":') || line.startsWith('{"leaves":') ? undefined : readLine(line);
  return piece?.is === "leaf" || piece?.is === "record" ? piece : undefined;
};

const RECORD = '{"assistant":';
const ERASURE = '"kind":"erasure"';

async function* pagesOf(path: string, read: Read, header: ExportHeader): AsyncGenerator<TrailPage> {
  const pages = new ExportPages(header);
  let isFirst = true;
  try {
    for await (const block of read(readLine)) {
      for (const piece of block) {
        const page = isFirst ? undefined : pages.add(piece);
        isFirst = false;
        if (page !== undefined) yield page;
      }
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
  yield pages.end();
}

function headerOf(piece: Piece): ExportHeader {
  if (piece.is !== "header") throw new Error('it must begin with a line {"export": …}, or with proof.json');
  return readHeader(piece.value);
}

async function readerOf(path: string): Promise<Read> {
  return withName(path, async () => {
    if ((await stat(path)).isDirectory()) return (read) => packPieces(folderFiles(path), read);
    const file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    await file.close();
    const isGzip = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    return isGzip ? (read) => packPieces(tarFiles(path), read) : (read) => jsonlPieces(path, read);
  });
}

async function withName<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Cannot read export "${path}": ${why}`, { cause });
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex, "hex");
}
