/** Somebody who signed in. */
export interface Account {
  /** Who vouches for them: the identity provider's `iss`. */
  readonly issuer: string;
  /** The provider's own name of them: `sub`. */
  readonly subject: string;
  /** Canonical (`Address.key`). */
  readonly address: string;
}

/** For whom an assistant wrote an email: as much as is known of them. */
export type WrittenFor = Partial<Account>;

/** Whether both are surely one account. */
export function isSameAccount(a: WrittenFor, b: WrittenFor): boolean {
  return a.subject !== undefined && a.subject === b.subject && a.issuer === b.issuer;
}
