/** One line of MultiMail's own log. It names a key, never an assistant. */
export interface AuditEntry {
  readonly id: string;
  readonly action: string;
  readonly resourceType: "email" | "mailbox" | "allowlist" | "webhook";
  readonly resourceId: string;
  readonly actorKeyId: string;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly createdAt: number;
}
