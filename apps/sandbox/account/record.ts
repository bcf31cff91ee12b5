import type { Account, ApiKey, AuditEntry } from "./account.ts";

/** Writes a line in the account's log: what was done, to what, with which key. */
export function record(
  account: Account,
  key: ApiKey,
  entry: Pick<AuditEntry, "action" | "resourceType" | "resourceId"> & Partial<Pick<AuditEntry, "metadata">>,
): void {
  account.auditLog.push({
    metadata: null,
    ...entry,
    id: account.newId(),
    actorKeyId: key.id,
    createdAt: account.now(),
  });
}
