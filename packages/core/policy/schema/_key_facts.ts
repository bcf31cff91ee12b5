import { z } from "zod";

/** What a reference says of a value beside its description; neither the parser nor an editor needs it apart. */
export interface KeyFacts {
  /** The kind of text that a value is: `address`. */
  readonly form?: string;
  /** What holds where the key is left out: `24h`. */
  readonly fallback?: string;
}

/** The facts about a schema, by schema. */
export const KEY_FACTS: z.core.$ZodRegistry<KeyFacts> = z.registry<KeyFacts>();

/** A key that may be left out. `fallback` is what then holds; absent: what the keys inside say, or nothing. */
export function optional<T>(schema: z.ZodType<T>, fallback?: string): z.ZodExactOptional<z.ZodType<T>> {
  const key = schema.exactOptional();
  return fallback === undefined ? key : key.register(KEY_FACTS, { fallback });
}
