import type { ExportData } from "../record/export.ts";
import type { Declared } from "../store/trail_source.ts";

/** What an export says of itself, in its first line or its `proof.json`. */
export interface ExportHeader extends Omit<Declared, "filter">, Pick<ExportData, "filter"> {
  readonly format: "countersign-export@v1";
  /** Records [from, to) are in it, one line each. */
  readonly from: number;
  readonly to: number;
  /** Of the tree that the records are proved to be in. */
  readonly size: number;
  /** 64 hexadecimal digits, as all hashes here. */
  readonly root: string;
  /** Roots of the complete subtrees before and after the records (`coveringLevels`). */
  readonly left: readonly string[];
  readonly right: readonly string[];
}
