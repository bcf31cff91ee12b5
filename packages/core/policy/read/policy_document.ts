import type { Where } from "../where.ts";

/** A policy file read as YAML and not judged yet: plain values, and where each was written. */
export interface PolicyDocument {
  readonly name: string;
  /** As people see it: `teams/finance.yaml`. */
  readonly file: string;
  readonly text: string;
  /** Maps (without prototype), lists and scalars; the root is a map. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Dotted path (`recipients.deny[0]`) → place of the value; `""` is the root. */
  readonly places: ReadonlyMap<string, Where>;
  /** The same for the keys. */
  readonly keyPlaces: ReadonlyMap<string, Where>;
  /** Paths of values that have a problem already: nobody needs to read a second one. */
  readonly spoilt: ReadonlySet<string>;
}
