import { InvalidArgumentError } from "commander";

/**
 * How many are shown at most.
 *
 * @throws {InvalidArgumentError} when it is no number from 1
 */
export function parseLimit(text: string): number {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1) throw new InvalidArgumentError("A number from 1 is needed");
  return limit;
}

/**
 * Takes the seq of a record.
 *
 * @throws {InvalidArgumentError} when it is no whole number
 */
export function parseSeq(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("The seq of a record is needed, like 42");
}
