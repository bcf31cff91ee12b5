import { createHash } from "node:crypto";
import { linesOf } from "./_lines.ts";
import type { PackFile } from "./_pack_file.ts";
import type { Piece, ReadLine } from "./_read_line.ts";

interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Reads an evidence pack file by file, and compares each with the manifest.
 *
 * @throws {Error} when it is none
 */
export async function* packPieces(
  files: AsyncIterable<PackFile>,
  read: ReadLine,
): AsyncGenerator<readonly Piece[]> {
  const found = new Map<string, Digest>();
  let manifest: Map<string, Digest> | undefined;
  let parts = 0;
  for await (const { name, bytes } of files) {
    if (manifest !== undefined) yield [{ is: "broken", message: `"${name}" comes after the manifest` }];
    if (found.has(name)) throw new Error(`"${name}" is twice in it`);
    if (name.startsWith("records/") && Number(name.slice(8, 14)) !== parts++)
      yield [{ is: "broken", message: `"${name}" is not the next part of the records` }];
    const file = new HashedFile(bytes);
    if (name === "manifest.json") manifest = readManifest(await textOf(file.read()));
    else yield* piecesOf({ name, file }, read);
    if (name !== "manifest.json") found.set(name, file.digest());
  }
  if (manifest === undefined) {
    yield [{ is: "broken", message: "The pack has no manifest.json that can be read" }];
    return;
  }
  for (const name of new Set([...manifest.keys(), ...found.keys()])) {
    const [wanted, got] = [manifest.get(name), found.get(name)];
    if (wanted === undefined) yield [{ is: "broken", message: `"${name}" is not in the manifest` }];
    else if (got === undefined) yield [{ is: "broken", message: `"${name}" is missing from the pack` }];
    else if (got.bytes !== wanted.bytes || got.sha256 !== wanted.sha256)
      yield [{ is: "broken", message: `"${name}" is not as it was written` }];
  }
}

async function* piecesOf({ name, file }: NamedFile, read: ReadLine): AsyncGenerator<readonly Piece[]> {
  const inner = /^(?:checkpoints|policies)\/([\da-f]+)\./.exec(name)?.[1] ?? "";
  if (name === "proof.json") {
    yield [{ is: "header", value: parse(await textOf(file.read())) }];
  } else if (name.startsWith("checkpoints/")) {
    yield [{ is: "checkpoint", seq: Number(inner), note: await textOf(file.read()) }];
  } else if (name.startsWith("policies/")) {
    yield [{ is: "policy", hash: inner, text: await textOf(file.read()) }];
  } else if (name.endsWith(".jsonl")) {
    for await (const { lines, isSound } of linesOf(file.read())) {
      if (!isSound) yield [{ is: "broken", message: `"${name}" is no UTF-8, or its last line is cut off` }];
      yield lines.flatMap((line) => read(line) ?? []);
    }
  } else {
    for await (const _ of file.read());
  }
}

interface NamedFile {
  readonly name: string;
  readonly file: HashedFile;
}

/** Hashes what is read. */
class HashedFile {
  readonly #bytes: AsyncIterable<Uint8Array>;
  readonly #hash = createHash("sha256");
  #length = 0;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#bytes = bytes;
  }

  async *read(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#bytes) {
      this.#hash.update(chunk);
      this.#length += chunk.length;
      yield chunk;
    }
  }

  digest(): Digest {
    return { bytes: this.#length, sha256: this.#hash.digest("hex") };
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString("utf8");
}

function readManifest(text: string): Map<string, Digest> | undefined {
  const { format, files } = (parse(text) ?? {}) as {
    format?: unknown;
    files?: Record<string, Partial<Digest> | null>;
  };
  if (format !== "countersign-pack@v1" || typeof files !== "object" || files === null) return undefined;
  return new Map(
    Object.entries(files).map(([name, file]) => [
      name,
      { bytes: Number(file?.bytes), sha256: String(file?.sha256) },
    ]),
  );
}

/** What a file says that is written as a pack's are: no member stands there twice. */
function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return `${JSON.stringify(value, undefined, 2)}\n` === text ? value : undefined;
  } catch {
    return undefined;
  }
}
