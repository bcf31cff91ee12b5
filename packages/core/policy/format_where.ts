import type { Where } from "./where.ts";

/** A place as editors and terminals link it: `teams/finance.yaml:14:9`. */
export function formatWhere({ file, line, column }: Where): string {
  return `${file}:${line}:${column}`;
}
