import { FAIL_POINTS, type FailPoint } from "../../record/fail_point.ts";

/** How one gateway is to end. */
export interface LifePlan {
  /** Where it kills itself, if it gets there in time. */
  readonly point?: FailPoint;
  /** At which passage. */
  readonly passage: number;
  /**
   * When it is killed at the latest, in milliseconds: without a point, after it was told to begin, so that it may not even
   * serve by then; else after it began to serve.
   */
  readonly maxMs: number;
  /** The next one serves before it is killed, as in a rolling restart of gateways on PostgreSQL. */
  readonly overlaps: boolean;
}

/** Each point at least once in ten lives, and the reconciler's after one that leaves it something to do. */
const CYCLE: readonly (FailPoint | "random" | "overlap")[] = [
  "after_intent",
  "before_reask",
  "after_send",
  "after_reask",
  "random",
  "before_intent",
  "overlap",
  "after_outcome",
  "random",
  "random",
];

/** The plan for the nth life. Gateways that do not share their trail cannot overlap: the second is refused. */
export function lifePlan(n: number, { isShared }: { readonly isShared: boolean }): LifePlan {
  const kind = CYCLE[n % CYCLE.length] ?? "random";
  const point = FAIL_POINTS.find((point) => point === kind);
  const overlaps = isShared && kind === "overlap";
  if (point === undefined) return { passage: 1, maxMs: Math.random() * 600, overlaps };
  // The reconciler asks a second after it took an intent over.
  const isReask = point.endsWith("_reask");
  const passage = isReask ? 1 : 1 + Math.floor(Math.random() * 4);
  // A loaded machine gets there later. One that is quiet does not wait: it is there long before.
  return { point, passage, maxMs: isReask ? 8_000 : 5_000, overlaps: false };
}
