import { z } from "zod";
import { defined, ID, INSTANT, TEXT } from "./_wire.ts";

/** One line of MultiMail's own log. It names a key, never an assistant. */
export interface AuditEntry {
  readonly id: string;
  readonly action: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly actorKeyId?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** ISO 8601 in UTC. */
  readonly createdAt?: string;
}

/** One page of MultiMail's own log. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Asks for the next page; absent on the last. */
  readonly cursor?: string;
}

const WIRE = z.looseObject({
  entries: z.array(
    z.looseObject({
      id: ID,
      action: z.string(),
      resource_type: TEXT,
      resource_id: TEXT,
      actor_key_id: TEXT,
      metadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
      created_at: INSTANT,
    }),
  ),
  cursor: TEXT,
});

/** Converts the answer of `GET /v1/audit-log`. Throws a `ZodError` when it is none. */
export function convertAuditPage(wire: unknown): AuditPage {
  const { entries, cursor } = WIRE.parse(wire);
  return defined({
    entries: entries.map((entry) =>
      defined({
        id: entry.id,
        action: entry.action,
        resourceType: entry.resource_type,
        resourceId: entry.resource_id,
        actorKeyId: entry.actor_key_id,
        metadata: entry.metadata,
        createdAt: entry.created_at,
      }),
    ),
    cursor: cursor || undefined,
  });
}
