import type { ExportData } from "../export_data.ts";

/** What an export says of itself, in its first line or its `proof.json`. */
export interface ExportHeader extends Pick<ExportData, "since" | "until" | "filter" | "values"> {
  readonly format: "countersign-export@v1";
  /** Name of the trail, as its checkpoints say it. */
  readonly origin: string;
  /** ISO 8601. */
  readonly at: string;
  /** `seq` of the `export` record that says the same. */
  readonly record: number;
  /** Records [from, to) are in it, one line each. */
  readonly from: number;
  readonly to: number;
  /** Of the tree that the records are proved to be in. */
  readonly size: number;
  /** 64 hexadecimal digits, as all hashes here. */
  readonly root: string;
  /** Verifier keys that the trail names as those of its checkpoints; whoever verifies should know better. */
  readonly keys: readonly string[];
  /** Roots of the complete subtrees before and after the records (`coveringLevels`). */
  readonly left: readonly string[];
  readonly right: readonly string[];
}
