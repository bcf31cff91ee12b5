import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExportData, exportEntry } from "../../record/export.ts";
import { openSqliteTrail } from "../../store/sqlite/mod.ts";
import type { TrailStore } from "../../store/store.ts";
import { NOON } from "../../testing/entries.ts";
import { appendSampleTrail, SAMPLE_ORIGIN, signCheckpoint } from "../../testing/sample_trail.ts";
import type { ExportHeader } from "../export_header.ts";

import { type ExportItem, exportItems } from "../export_items.ts";
import { planExport } from "../plan_export.ts";

/** A sample trail in a folder of its own, which is gone when the process ends. */
export async function openSampleTrail(size: number): Promise<{ trail: TrailStore; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "export-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const trail = await openSqliteTrail(join(folder, "trail.sqlite"));
  await appendSampleTrail(trail, size);
  return { trail, folder };
}

/** What a sample export is other than one of everything. */
export interface SampleExport extends Partial<Omit<ExportData, "filter">> {
  readonly filter?: Partial<ExportData["filter"]>;
  /** As exports are from now on; those that were made before were not. */
  readonly isSigned?: boolean;
}

/** Records an export of a sample trail as the command does, signs it, and plans it. */
export async function planSample(
  trail: TrailStore,
  { filter, isSigned = true, ...changes }: SampleExport = {},
): Promise<ExportHeader> {
  const at = NOON + 86_400_000;
  const entry = exportEntry(
    {
      ...{ format: "jsonl", since: null, until: null, values: [], by: "ann", reason: null, ...changes },
      filter: { team: null, assistant: null, receipt: null, rule: null, effect: null, ...filter },
    },
    at,
  );
  const { seq } = await trail.append(entry);
  const checkpoint = isSigned ? await signCheckpoint(trail, at + 1) : undefined;
  return planExport(trail, { data: entry.data, record: seq, at, origin: SAMPLE_ORIGIN, checkpoint });
}

/** An export of a sample trail. */
export async function sampleItems(
  trail: TrailStore,
  changes: SampleExport = {},
): Promise<AsyncIterable<ExportItem>> {
  return exportItems(trail, await planSample(trail, changes));
}
