import { z } from "zod";
import { type Codec, list, member, shape } from "../codec/shape.ts";
import { CURSOR, ID, INSTANT, TEXT } from "../codec/values.ts";

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

const ENTRY = shape<AuditEntry>({
  id: member("id", ID),
  action: member("action", z.string()),
  resourceType: member("resource_type", TEXT),
  resourceId: member("resource_id", TEXT),
  actorKeyId: member("actor_key_id", TEXT),
  metadata: member("metadata", z.record(z.string(), z.unknown()).optional().catch(undefined)),
  createdAt: member("created_at", INSTANT),
});

/** The answer of `GET /v1/audit-log`. */
export const AUDIT_PAGE: Codec<AuditPage> = shape<AuditPage>({
  entries: list("entries", ENTRY),
  cursor: member("cursor", CURSOR),
});
