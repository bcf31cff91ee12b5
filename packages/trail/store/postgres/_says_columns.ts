import { type DataColumns, saysData } from "../says_data.ts";

/** Columns of a record that are derived from its JSON, as they are kept. */
export interface DerivedColumns extends Omit<DataColumns, "outside"> {
  readonly at: string | null;
  readonly team: string | null;
  readonly assistant: string | null;
  readonly receipt: string | null;
}

/** A policy's hash in quotes. */
const HASH = /^"[\da-f]{64}"$/;
const HASH_LENGTH = 66;

/**
 * Whether a record's JSON says what its columns say, as its text tells without being read: a canonical record begins and
 * ends in one way, and in between has these members once, if at all, and beside each other. False: it has to be read, which
 * takes ten times as long. What is not canonical is found out by itself.
 */
export function saysColumns(json: string, seq: number, columns: DerivedColumns): boolean {
  const { at, kind, team, assistant, receipt, effect, isEmail, taken } = columns;
  const middle = `},"kind":${text(kind)},"policy":`;
  const tail = `,"receipt":${text(receipt)},"seq":${seq},"team":${text(team)}}`;
  return (
    json.startsWith(`{"assistant":${text(assistant)},"at":${text(at)},"data":{`) &&
    json.endsWith(tail) &&
    (json.endsWith(`${middle}null${tail}`) || hasPolicy(json, { middle, tail })) &&
    saysData(json, { kind, effect, isEmail, taken })
  );
}

function hasPolicy(
  json: string,
  { middle, tail }: { readonly middle: string; readonly tail: string },
): boolean {
  const end = json.length - tail.length;
  const start = end - HASH_LENGTH;
  return json.startsWith(middle, start - middle.length) && HASH.test(json.slice(start, end));
}

function text(value: string | null): string {
  return JSON.stringify(value);
}
