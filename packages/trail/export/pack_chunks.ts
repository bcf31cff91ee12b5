import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createGzip } from "node:zlib";
import { type Pack, pack } from "tar-stream";
import type { TrailRecord } from "../record/record.ts";
import { packReadme } from "./_pack_readme.ts";
import { PackSummary } from "./_pack_summary.ts";
import type { ExportHeader } from "./export_header.ts";
import type { ExportItem } from "./export_items.ts";

/** Bytes of lines in one part of an evidence pack, about. */
const PART_BYTES = 8 * 1024 * 1024;

const VERIFIERS = ["verify.mjs", "verify.py"] as const;

/** How a pack is written. */
export interface PackOptions {
  /** A record in a few words, for its summary; default: its kind. */
  readonly summarize?: (record: TrailRecord) => string;
}

/** An export as an evidence pack, a `.tar.gz`, never more than a part of it in memory. */
export async function* packChunks(
  items: AsyncIterable<ExportItem>,
  { summarize = ({ kind }) => kind }: PackOptions = {},
): AsyncGenerator<Uint8Array> {
  const tar = pack();
  const gzip = createGzip();
  tar.pipe(gzip);
  const writing = writeAll(items, new PackWriter(tar), new PackSummary(summarize)).then(
    () => tar.finalize(),
    (error: Error) => gzip.destroy(error),
  );
  try {
    yield* gzip;
  } finally {
    tar.destroy();
  }
  await writing;
}

async function writeAll(
  items: AsyncIterable<ExportItem>,
  writer: PackWriter,
  summary: PackSummary,
): Promise<void> {
  let part: string[] = [];
  let length = 0;
  let parts = 0;
  const flush = async () => {
    if (length > 0) await writer.add(`records/${String(parts++).padStart(6, "0")}.jsonl`, part.join(""));
    [part, length] = [[], 0];
  };
  for await (const item of items) {
    if (item.is === "header") await addFront(writer, item.header);
    else if (item.is === "checkpoint") await writer.add(`checkpoints/${item.seq}.txt`, item.note);
    else if (item.is === "policy") await writer.add(`policies/${item.hash}.yaml`, item.text);
    else {
      summary.add(item.text);
      part.push(item.text);
      length += item.text.length;
      if (length > PART_BYTES) await flush();
    }
  }
  await flush();
  await writer.add("summary.txt", summary.text());
  await writer.end();
}

async function addFront(writer: PackWriter, header: ExportHeader): Promise<void> {
  writer.time = new Date(header.at);
  await writer.add("proof.json", `${JSON.stringify(header, undefined, 2)}\n`);
  await writer.add("README.md", packReadme(header));
  const guide = new URL("../docs/verifying.md", import.meta.url);
  await writer.add("verifying.md", await readFile(guide, "utf8"));
  for (const name of VERIFIERS) {
    await writer.add(name, await readFile(new URL(`../standalone/${name}`, import.meta.url), "utf8"));
  }
}

/** Adds files to a pack, and remembers their hashes for its manifest. */
class PackWriter {
  time: Date = new Date(0);
  readonly #tar: Pack;
  readonly #files: Record<string, { bytes: number; sha256: string }> = {};

  constructor(tar: Pack) {
    this.#tar = tar;
  }

  async add(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    this.#files[name] = { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
    await this.#write(name, bytes);
  }

  /** Writes the manifest. */
  async end(): Promise<void> {
    const manifest = { format: "countersign-pack@v1", files: this.#files };
    await this.#write("manifest.json", Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
  }

  #write(name: string, bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tar.entry({ name, mtime: this.time, mode: 0o644 }, bytes, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
}
