import { z } from "zod";

/** What an email is tagged with. */
export type Tags = Readonly<Record<string, string>>;

const WIRE = z.looseObject({ tags: z.record(z.string(), z.string()) });

/** Reads the answer of `GET` and `PUT …/tags`. Throws a `ZodError` when it is none. */
export function readTags(wire: unknown): Tags {
  return WIRE.parse(wire).tags;
}
