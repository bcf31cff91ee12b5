import type { StoredCheckpoint } from "../store/stored.ts";
import type { ExportHeader } from "./export_header.ts";

/** A piece of an export, in the order of writing. */
export type ExportItem =
  | { readonly is: "header"; readonly header: ExportHeader }
  | ({ readonly is: "checkpoint" } & StoredCheckpoint)
  | { readonly is: "policy"; readonly hash: string; readonly text: string }
  /** Whole lines, each with its line break: of at most 256 records, or one long value. */
  | { readonly is: "lines"; readonly text: string; readonly records: number };
