import { createHash } from "node:crypto";
import type { ExportItem } from "./export_items.ts";

/**
 * An export as JSON lines: each record's line is its RFC 8785 canonical JSON, every other line an object with one member.
 * The last one has the SHA-256 of all bytes before it.
 */
export async function* jsonlChunks(items: AsyncIterable<ExportItem>): AsyncGenerator<string> {
  const hash = createHash("sha256");
  for await (const item of items) {
    const text = textOf(item);
    hash.update(text);
    yield text;
  }
  yield line({ end: { sha256: hash.digest("hex") } });
}

function textOf(item: ExportItem): string {
  switch (item.is) {
    case "header":
      return line({ export: item.header });
    case "checkpoint":
      return line({ checkpoint: { seq: item.seq, note: item.note } });
    case "policy":
      return line({ policy: { hash: item.hash, text: item.text } });
    case "lines":
      return item.text;
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
