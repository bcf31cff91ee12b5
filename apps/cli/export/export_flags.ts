import type { ExportData } from "@countersign/trail";

/** What `audit export` was asked for. */
export interface ExportFlags {
  readonly format: ExportData["format"];
  readonly out?: string;
  /** Epoch milliseconds. */
  readonly since?: number;
  readonly until?: number;
  readonly team?: string;
  readonly assistant?: string;
  readonly receipt?: string;
  readonly rule?: string;
  readonly effect?: "allow" | "deny";
  readonly values?: boolean;
  readonly bodies?: boolean;
  readonly reason?: string;
  readonly by: string;
  readonly bom?: boolean;
  readonly json?: boolean;
}
