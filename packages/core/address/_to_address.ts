import type { Address } from "./address.ts";

/** Puts an `Address` together from a checked local part and a canonical ASCII domain. */
export function toAddress(local: string, domain: string, lookAlike: boolean): Address {
  const address = `${local}@${domain}`;
  const key = address.toLowerCase();
  // From 1: in "+sales@x" the plus is the name itself, and an empty name would make all such mailboxes one.
  const plus = key.indexOf("+", 1);
  const base = plus === -1 ? key : `${key.slice(0, plus)}@${domain}`;
  return { address, local, domain, key, base, lookAlike };
}
