import type { ExportData } from "@countersign/trail";
import type { FilterFlags } from "../filter_options.ts";

/** What `audit export` was asked for. */
export interface ExportFlags extends FilterFlags {
  readonly format: ExportData["format"];
  readonly out?: string;
  /** Of what this person did. */
  readonly person?: string;
  /** Of CSV: what has a row. */
  readonly rows?: "record" | "email";
  readonly values?: boolean;
  readonly bodies?: boolean;
  readonly reason?: string;
  readonly by: string;
  readonly bom?: boolean;
  readonly json?: boolean;
}
