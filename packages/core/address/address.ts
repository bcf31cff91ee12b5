/**
 * One mail address in canonical form: an RFC 5321 mailbox without display name, comments or quoting, its domain
 * lower-case and in its ASCII form (UTS #46, RFC 5891), without trailing dot.
 */
export interface Address {
  /** What is sent to MultiMail: `local@domain`; the local part keeps its case and its plus-tag. */
  readonly address: string;
  readonly local: string;
  /** ASCII, lower-case: `xn--…` for an internationalised domain. */
  readonly domain: string;
  /** `address` in lower case: what patterns compare, since no mail system in use tells case apart. */
  readonly key: string;
  /** `key` without its plus-tag: `a+b@x` counts as `a@x` for deny lists, limits and overlap. */
  readonly base: string;
  /** The domain as people would see it mixes scripts or imitates Latin letters (UTS #39). */
  readonly lookAlike: boolean;
}

/** A canonical address, or why the text is none. */
export type AddressResult =
  | { readonly ok: true; readonly address: Address }
  /** `message` says what is wrong without repeating the text. */
  | { readonly ok: false; readonly message: string };

/** Puts an `Address` together from a checked local part and a canonical ASCII domain. */
export function toAddress(local: string, domain: string, lookAlike: boolean): Address {
  const address = `${local}@${domain}`;
  const key = address.toLowerCase();
  // From 1: in "+sales@x" the plus is the name itself, and an empty name would make all such mailboxes one.
  const plus = key.indexOf("+", 1);
  const base = plus === -1 ? key : `${key.slice(0, plus)}@${domain}`;
  return { address, local, domain, key, base, lookAlike };
}
