import { parseAddress } from "@countersign/core/address";
import type { PolicySet } from "@countersign/core/policy";
import { rolesOf } from "../people/roles.ts";
import type { ConsoleStore, Identity } from "../store/console_store.ts";
import { hashOf, newSecret } from "../store/secret.ts";

/** A link signs somebody in for so long after it was made, in milliseconds. */
export const LINK_MS: number = 10 * 60_000;

/** What a link is made with. */
export interface SignInLinkOptions {
  readonly store: ConsoleStore;
  readonly policies: PolicySet;
  readonly consoleUrl: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Makes a link that signs one person in, once, within ten minutes.
 *
 * @throws {Error} that says what is wanted, when the text is no address, or the policies give its person no role
 */
export async function createSignInLink(
  text: string,
  { store, policies, consoleUrl, now }: SignInLinkOptions,
): Promise<string> {
  const parsed = parseAddress(text.trim());
  if (!parsed.ok)
    throw new Error(`Cannot make a sign-in link: the address cannot be used: ${parsed.message}`);
  const address = parsed.address.key;
  if (rolesOf({ address, groups: [] }, policies, now) === undefined)
    throw new Error(
      `Cannot make a sign-in link for "${address}": the policies name no such approver, auditor or operator`,
    );
  const secret = newSecret();
  await store.addLink({ hash: hashOf(secret), address, expiresAt: now + LINK_MS });
  return `${consoleUrl}/sign-in/link/${secret}`;
}

/** Uses a link up: who is signed in by it; undefined: it is none, was used, or is too old. */
export async function useSignInLink(
  secret: string,
  { store, now }: Pick<SignInLinkOptions, "store" | "now">,
): Promise<Identity | undefined> {
  if (!/^[\w-]{43}$/.test(secret)) return undefined;
  const address = await store.takeLink(hashOf(secret), now);
  return address === undefined
    ? undefined
    : { issuer: "link", subject: address, address, groups: [], auth: "link" };
}
