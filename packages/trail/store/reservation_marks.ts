/**
 * Marks in a counter's times, about one for 32 to 64 reservations: each tells how many come before it, from a beginning that
 * is the counter's own. So what a window holds is the difference of two marks, and what lies beyond them, counted one by one:
 * the same work for a hundred and for a million. Where marks are missing more is counted one by one, so that any may go.
 */

/** From so many reservations between two marks on, there are marks after each `STRIDE` of them. */
export const MARKED_FROM = 64;
export const STRIDE = 32;

/** SQL for how many reservations of `counter` are later than `after`, both SQL. */
export function reservedAfter(counter: string, after: string): string {
  const count = (where: string) =>
    `(SELECT count(*) FROM reservations r WHERE r.counter = ${counter} AND r.at ${where})`;
  const mark = (where: string) =>
    `(SELECT m.at, m.before FROM reservation_marks m WHERE m.counter = ${counter} ${where} LIMIT 1)`;
  return `coalesce((
    SELECT l.before - f.before + ${count(`> ${after} AND r.at < f.at`)} + ${count(">= l.at")}
    FROM ${mark(`AND m.at > ${after} ORDER BY m.at`)} AS f, ${mark("ORDER BY m.at DESC")} AS l
  ), ${count(`> ${after}`)})`;
}

/**
 * SQL for the marks that reservations are to have which `from` (SQL of a FROM with its WHERE) gives: those of one counter
 * between two marks, or of all counters, partitioned. Columns: at, `before` from zero on, total, counter.
 */
export function newMarks(from: string): string {
  return `SELECT counter, at, place - 1 AS before, total FROM (
    SELECT r.counter, r.at, rank() OVER w AS place, row_number() OVER w AS nth, count(*) OVER (PARTITION BY r.counter) AS total
    FROM ${from} WINDOW w AS (PARTITION BY r.counter ORDER BY r.at)
  ) AS placed WHERE total >= ${MARKED_FROM} AND nth > 1 AND nth % ${STRIDE} = 1`;
}

/** SQL for each stretch between two marks that do not tell how many reservations it has, with how many they tell too much. */
export const WRONG_MARKS: string = `SELECT excess FROM (
    SELECT next_before - before - (
      SELECT count(*) FROM reservations r WHERE r.counter = m.counter AND r.at >= m.at AND r.at < m.next_at
    ) AS excess FROM (
      SELECT counter, at, before, lead(at) OVER w AS next_at, lead(before) OVER w AS next_before FROM reservation_marks
      WINDOW w AS (PARTITION BY counter ORDER BY at)
    ) AS m WHERE next_at IS NOT NULL
  ) AS stretches WHERE excess <> 0 LIMIT 20`;
