import type { Address } from "../address/mod.ts";

/**
 * The person behind an assistant, as their own access token names them. Nothing that a model or a platform writes into a
 * call makes one.
 */
export interface Person {
  /** The identity provider that vouches for them: `iss` of the token. */
  readonly issuer: string;
  /** What the issuer calls them, for good: `sub` of the token. With the issuer it tells one person from another. */
  readonly subject: string;
  /** Absent: the token names none, or nobody whom the gateway trusts says that it is theirs. */
  readonly address?: Address;
  /** Values of the claim that lists their groups. */
  readonly claims: readonly string[];
}

/** One text for one person, whatever address they have: people are counted by it. */
export function personKey({ issuer, subject }: Pick<Person, "issuer" | "subject">): string {
  return JSON.stringify([issuer, subject]);
}
