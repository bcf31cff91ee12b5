import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExportData } from "../../record/export.ts";
import { Sealer } from "../../record/sealed.ts";
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
  const sealer = new Sealer();
  const data: ExportData = {
    format: "jsonl",
    since: null,
    until: null,
    filter: {
      ...{ team: null, assistant: null, receipt: null, rule: null, effect: null, ...filter },
      ...(filter?.recipient?.includes("@", 1) && { recipient: sealer.seal("address", filter.recipient) }),
      ...(filter?.by !== undefined && { by: sealer.seal("text", filter.by) }),
    },
    values: [],
    by: sealer.seal("text", "ann"),
    reason: null,
    ...changes,
  };
  const at = NOON + 86_400_000;
  const nobody = { team: null, assistant: null, receipt: null, policy: null };
  const result = await trail.append({ kind: "export", at, ...nobody, data, sealed: sealer.values });
  if (!result.ok) throw new Error("Cannot record");
  const checkpoint = isSigned ? await signCheckpoint(trail, at + 1) : undefined;
  return planExport(trail, { data, record: result.seq, at, origin: SAMPLE_ORIGIN, checkpoint });
}

/** An export of a sample trail. */
export async function sampleItems(
  trail: TrailStore,
  changes: SampleExport = {},
): Promise<AsyncIterable<ExportItem>> {
  return exportItems(trail, await planSample(trail, changes));
}
