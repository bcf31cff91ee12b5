export type { ExportHeader } from "./export_header.ts";
export type { ExportItem } from "./export_item.ts";
export { exportItems } from "./export_items.ts";
export { jsonlChunks } from "./jsonl_chunks.ts";
export { type OpenedExport, openExport } from "./open_export.ts";
export { packChunks } from "./pack_chunks.ts";
export { type PlanExportOptions, planExport } from "./plan_export.ts";
export { saveFile } from "./save_file.ts";
