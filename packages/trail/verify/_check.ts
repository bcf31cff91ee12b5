import type { TrailRecord } from "../record/record.ts";
import type { TrailEnd, TrailPage, TrailRow } from "../store/trail_source.ts";

/**
 * One part of a verification. All are driven through the same moments, each time in the one order that `verifyTrail` states;
 * what they find they add to the walk's problems.
 */
export interface Check {
  /** A page begins: what lies beside its records is here. */
  beginPage?(page: TrailPage): void;
  /** A row, in the order of the trail. `record`: what it holds; undefined: it is withheld, or holds none. */
  row?(row: TrailRow, record: TrailRecord | undefined): void;
  /** All rows of the page were looked at. */
  endPage?(page: TrailPage): void | Promise<void>;
  /** All pages were looked at. */
  end?(end: TrailEnd): void;
  /** Besides, rows lie where their records say, so that what there is once can be compared with them. */
  settle?(end: TrailEnd): void | Promise<void>;
}
