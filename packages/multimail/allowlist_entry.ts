import { z } from "zod";
import { defined, ID, INSTANT, TEXT } from "./_wire.ts";

/** Recipients to whom a `gated_send` mailbox sends without approval. */
export interface AllowlistEntry {
  readonly id: string;
  /** An address, or `*@domain`. */
  readonly pattern: string;
  readonly addedBy?: string;
  /** ISO 8601 in UTC. */
  readonly addedAt?: string;
  readonly note?: string;
}

const WIRE = z
  .looseObject({
    entries: z.array(
      z.looseObject({ id: ID, pattern: z.string().min(1), added_by: TEXT, added_at: INSTANT, note: TEXT }),
    ),
    count: z.number().optional(),
  })
  // With a part of the list, an email would leave unapproved that the gateway believes held.
  .refine(({ entries, count }) => count === undefined || count <= entries.length, { path: ["count"] });

/** Converts the answer of `GET …/allowlist`. Throws a `ZodError` when it is none, or not the whole list. */
export function convertAllowlist(wire: unknown): readonly AllowlistEntry[] {
  return WIRE.parse(wire).entries.map(({ id, pattern, added_by, added_at, note }) =>
    defined({ id, pattern, addedBy: added_by, addedAt: added_at, note }),
  );
}
