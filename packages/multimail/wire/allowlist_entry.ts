import { z } from "zod";
import { list, member, shape } from "../codec/shape.ts";
import { ID, INSTANT, TEXT } from "../codec/values.ts";

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

const ENTRY = shape<AllowlistEntry>({
  id: member("id", ID),
  pattern: member("pattern", z.string().min(1)),
  addedBy: member("added_by", TEXT),
  addedAt: member("added_at", INSTANT),
  note: member("note", TEXT),
});

const LIST = shape<{ readonly entries: readonly AllowlistEntry[]; readonly count?: number }>({
  entries: list("entries", ENTRY),
  count: member("count", z.number().optional()),
});

// With a part of the list, an email would leave unapproved that the gateway believes held.
const WHOLE_LIST = LIST.schema.refine(
  ({ entries, count }) => count === undefined || count <= entries.length,
  {
    path: ["count"],
  },
);

/** Reads the answer of `GET …/allowlist`. Throws a `ZodError` when it is none, or not the whole list. */
export function readAllowlist(wire: unknown): readonly AllowlistEntry[] {
  return WHOLE_LIST.parse(wire).entries;
}
