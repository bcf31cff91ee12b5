import { z } from "zod";

/** An answer that says only how things are, in MultiMail's words. */
export interface Status {
  readonly status: string;
}

const WIRE = z.looseObject({ status: z.string() });

/** Converts an answer with a `status`. Throws a `ZodError` when it has none. */
export function convertStatus(wire: unknown): Status {
  return { status: WIRE.parse(wire).status };
}
