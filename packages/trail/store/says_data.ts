/** Columns of a record that are derived from its `data`, as they are kept. */
export interface DataColumns {
  readonly kind: string | null;
  readonly effect: string | null;
  readonly isEmail: boolean;
  readonly taken: string | null;
  /** Where that is a column. */
  readonly outside?: boolean;
}

/**
 * Whether a record's JSON says what these columns say, as its text tells without being read: a canonical record has these
 * members once, if at all, and beside each other. False: it has to be read, which takes ten times as long.
 */
export function saysData(json: string, { kind, effect, isEmail, taken, outside }: DataColumns): boolean {
  return (
    (effect === null
      ? !json.includes('"effect":')
      : json.includes(`"effect":${JSON.stringify(effect)},"findings":[`)) &&
    (isEmail
      ? json.includes('"idempotency_key":"')
      : !json.includes('"idempotency_key":') || json.includes('"idempotency_key":null')) &&
    saysTaken(json, { kind, taken }) &&
    (outside === undefined || outside === (kind === "outcome" && json.includes('"outside":true,"result":')))
  );
}

function saysTaken(json: string, { kind, taken }: Pick<DataColumns, "kind" | "taken">): boolean {
  const isTaken = kind === "outcome" && json.includes('"result":"accepted"');
  return isTaken
    ? taken !== null && json.includes(`"email":${JSON.stringify(taken)},"learnt_by":`)
    : taken === null;
}
