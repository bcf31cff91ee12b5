import { type ShownOptions, shownOf, type TrailRecord } from "@countersign/trail";
import { printable } from "../terminal/printable.ts";

/** Width of what stands before a value, and where values begin. */
const NAME = 16;
const MARGIN = " ".repeat(NAME + 3);

/** One record in lines for people. */
export function shownRecord(record: TrailRecord, options: ShownOptions): readonly string[] {
  const { seq, at, kind, policy } = record;
  const { facts, reasons = [], body } = shownOf(record, options);
  const lines = [
    `record ${seq}  ${at}  ${kind}`,
    ...facts.map(([name, value]) => `  ${name.padEnd(NAME)} ${value}`),
    ...(policy === null ? [] : [`  ${"policies".padEnd(NAME)} ${policy.slice(0, 16)}`]),
    ...reasons.flatMap(([effect, text, ...more]) => [
      `  ${effect.padEnd(NAME)} ${text}`,
      ...more.map((line) => `${MARGIN}${line}`),
    ]),
    ...(body?.split(/\r?\n/).map((line) => `  | ${line}`) ?? []),
  ];
  return lines.map(printable);
}
