import type { TrailStore } from "@countersign/trail";
import { summarizeRecord } from "@countersign/trail";
import {
  csvChunks,
  csvEmailChunks,
  type ExportHeader,
  type ExportItem,
  exportItems,
  jsonlChunks,
  ocsfChunks,
  packChunks,
} from "@countersign/trail/export";
import type { ExportFlags } from "./export_flags.ts";

/** What an export is written with. */
export interface ExportChunksOptions extends Pick<ExportFlags, "format" | "bom" | "rows"> {
  readonly header: ExportHeader;
  /** Called with how many records were read so far. */
  readonly onRecords: (count: number) => void;
}

type Chunks = AsyncIterable<string | Uint8Array>;

/** The bytes of an export in its format. */
export function exportChunks(trail: TrailStore, options: ExportChunksOptions): Chunks {
  return WRITERS[options.format](trail, options);
}

const WRITERS: Readonly<
  Record<ExportFlags["format"], (trail: TrailStore, options: ExportChunksOptions) => Chunks>
> = {
  jsonl: (trail, { header, onRecords }) => jsonlChunks(counted(exportItems(trail, header), onRecords)),
  pack: (trail, { header, onRecords }) =>
    packChunks(counted(exportItems(trail, header), onRecords), { summarize: summarizeRecord }),
  csv: (trail, { header, bom = false, rows }) =>
    rows === "email"
      ? csvEmailChunks(trail, { header, bom })
      : csvChunks(trail, { header, bom, summarize: summarizeRecord }),
  ocsf: (trail, { header }) => ocsfChunks(trail, { header, summarize: summarizeRecord }),
};

async function* counted(
  items: AsyncIterable<ExportItem>,
  onRecords: (count: number) => void,
): AsyncGenerator<ExportItem> {
  let count = 0;
  for await (const item of items) {
    if (item.is === "lines") count += item.records;
    onRecords(count);
    yield item;
  }
}
