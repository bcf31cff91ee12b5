/** What a key may do at MultiMail; `admin` satisfies every scope. */
export type Scope = "read" | "send" | "admin" | "oversight";

/** A key of the account. Keys are for the whole account: none is bound to a mailbox. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  lastUsedAt: number | null;
}
