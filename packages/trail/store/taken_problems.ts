import type { TrailProblem } from "./trail_problem.ts";

/** Reservations are kept this long at least, so that a limit whose window is made longer does not begin at zero. */
export const KEEP_RESERVED_MS: number = 24 * 60 * 60_000;

/** An intent of the trail's last `KEEP_RESERVED_MS`, none of whose reservations is over, and how many it says it has. */
export interface CountedIntent {
  readonly seq: number;
  readonly receipt: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly counted: number;
}

/** What a record says of what its receipt holds. */
export interface HoldingRecord {
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: string;
  /** `data.result` */
  readonly result: string | null;
}

/** What is taken at the moment, beside the records that took it. */
export interface Taken {
  /** How many reservations there are of a receipt and a time (epoch milliseconds). */
  readonly reservations: readonly { readonly receipt: string; readonly at: number; readonly count: number }[];
  /** How many reservations too many marks tell between one and the next, as `WRONG_MARKS` finds them. */
  readonly wrongMarks: readonly number[];
  /** Receipts that hold a claim, once each. */
  readonly claims: readonly string[];
  readonly recent: readonly CountedIntent[];
  /** The records with this receipt, in order. */
  readonly recordsOf: (receipt: string) => readonly HoldingRecord[];
}

/** More are of no use to anybody. */
const MAX_PROBLEMS = 20;

/**
 * Compares reservations and claims with the records that took them: one that no record explains keeps somebody from
 * sending, and one that is gone lets more leave than may.
 */
export function takenProblems({
  reservations,
  wrongMarks,
  claims,
  recent,
  recordsOf,
}: Taken): readonly TrailProblem[] {
  const problems: TrailProblem[] = [];
  const add = (seq: number | null, what: TrailProblem["what"], message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ seq, what, message });
  };
  const left = new Map(reservations.map((row) => [`${row.at} ${row.receipt}`, row]));
  for (const { seq, receipt, at, counted } of recent) {
    const key = `${at} ${receipt}`;
    const found = left.get(key)?.count ?? 0;
    left.delete(key);
    if (found === counted) continue;
    const records = recordsOf(receipt);
    const wanted = isReleased(records) ? 0 : counted;
    // What else was recorded of it in the same millisecond may have counted something, too.
    const isAlone = records.filter((record) => record.at === at).length === 1;
    if (found < wanted) add(seq, "removed", `Record ${seq} counts against a limit that does not count it`);
    if (found > wanted && isAlone)
      add(seq, "added", `A limit counts record ${seq}, which does not count against it`);
  }
  for (const { receipt, at } of left.values()) {
    if (problems.length === MAX_PROBLEMS) break;
    if (!recordsOf(receipt).some((record) => record.at === at))
      add(null, "added", "A limit counts an email that is not on record");
  }
  for (const excess of wrongMarks) {
    const [what, how] = excess > 0 ? (["added", "more"] as const) : (["removed", "fewer"] as const);
    add(null, what, `A limit counts ${Math.abs(excess)} ${how} than there are reservations`);
  }
  for (const receipt of claims) {
    if (problems.length === MAX_PROBLEMS) break;
    const records = recordsOf(receipt);
    const [first] = records;
    if (first === undefined) {
      add(null, "added", "Something is claimed for an email that is not on record");
    } else if (isReleased(records)) {
      const message = `Something is claimed for record ${first.seq}, whose email certainly did not leave`;
      add(first.seq, "added", message);
    }
  }
  return problems;
}

/** The last outcome gave everything back. */
function isReleased(records: readonly HoldingRecord[]): boolean {
  return records.findLast(({ kind }) => kind === "outcome")?.result === "refused";
}
