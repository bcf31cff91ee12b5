import { parseAddress } from "@countersign/core/address";
import type { Identity } from "../store/console_store.ts";

/** Claims of an ID token or of the issuer's answer about a person, which was verified. */
export type Claims = Readonly<Record<string, unknown>>;

/** Which claims tell what. */
export interface ClaimNames {
  readonly oidcEmailClaim: string;
  readonly oidcGroupsClaim: string;
  readonly oidcTrustedDomains: readonly string[];
}

/** More groups than these are not looked at, nor longer names. */
const MAX_GROUPS = 1_000;
const MAX_GROUP_LENGTH = 256;

/** Who signed in, or why nobody did: a sentence for them. */
export type IdentityResult =
  | { readonly ok: true; readonly identity: Identity }
  | { readonly ok: false; readonly message: string };

/**
 * Who the issuer says signed in. An address counts if the issuer has verified it, which only `email` and `email_verified` say
 * together, or if the issuer is declared authoritative for its domain.
 */
export function oidcIdentity(claims: Claims, names: ClaimNames): IdentityResult {
  const { iss, sub, email_verified: verified } = claims;
  const text = claims[names.oidcEmailClaim];
  if (typeof iss !== "string" || typeof sub !== "string")
    return { ok: false, message: "The sign-in does not say who you are." };
  if (typeof text !== "string")
    return {
      ok: false,
      message: `The sign-in has no address for you: its claim "${names.oidcEmailClaim}" is missing.`,
    };
  // An address alone (OpenID Connect, 5.1), without a name before it.
  const parsed = parseAddress(/[\s<>]/.test(text) ? "" : text);
  if (!parsed.ok) return { ok: false, message: "The address that the sign-in has for you cannot be used." };
  const { key: address, domain } = parsed.address;
  const isVerified = names.oidcEmailClaim === "email" && (verified === true || verified === "true");
  if (!isVerified && !names.oidcTrustedDomains.includes(domain))
    return {
      ok: false,
      message:
        "The sign-in does not say that your address is verified, and its domain is not among those trusted without that.",
    };
  const listed = claims[names.oidcGroupsClaim];
  const groups = (Array.isArray(listed) ? listed : [listed])
    .filter((group) => typeof group === "string" && group.length <= MAX_GROUP_LENGTH)
    .slice(0, MAX_GROUPS) as readonly string[];
  return { ok: true, identity: { issuer: iss, subject: sub, address, groups, auth: "oidc" } };
}
