import { type Address, parseAddress } from "@countersign/core/address";
import type { Person } from "@countersign/core/decision";
import type { Settings } from "@countersign/host";
import type { Claims } from "./judge_claims.ts";

/** Where a token names a person, and whose word counts for what. */
export type PersonSettings = Pick<
  Settings,
  "oauthIssuer" | "oauthEmailClaim" | "oauthGroupsClaim" | "oauthTrustedDomains"
>;

/** More groups than a token has that fits in a header. */
const MAX_GROUPS = 1_000;

/** The person whom a token names, of which the rest has been judged. */
export function personOf(claims: Claims, settings: PersonSettings): Person {
  const { oauthGroupsClaim: groups } = settings;
  const address = trustedAddress(claims, settings);
  return {
    issuer: String(claims.iss),
    subject: String(claims.sub),
    ...(address !== undefined && { address }),
    claims: groups === undefined ? [] : namesIn(ownClaim(claims, groups)),
  };
}

function ownClaim(claims: Claims, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

function namesIn(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === "string").slice(0, MAX_GROUPS);
}

/**
 * The person's address, if somebody whom we trust says that it is theirs: the issuer has verified it, or is declared
 * authoritative for its domain. Undefined: nobody does.
 */
function trustedAddress(
  claims: Claims,
  { oauthEmailClaim: name, oauthTrustedDomains: domains }: PersonSettings,
): Address | undefined {
  const address = bareAddress(ownClaim(claims, name));
  if (address === undefined) return undefined;
  // It speaks of this claim and of no other: "email_verified" says nothing of a user name.
  const verified = ownClaim(claims, `${name}_verified`);
  if (verified !== undefined) return verified === true || verified === "true" ? address : undefined;
  return domains.includes(address.domain) && !isGuest(claims) ? address : undefined;
}

/** An address and nothing else, as the issuer writes it. */
function bareAddress(text: unknown): Address | undefined {
  if (typeof text !== "string" || /[\s<>()",;]/.test(text)) return undefined;
  const parsed = parseAddress(text);
  const isBare = parsed.ok && !parsed.address.lookAlike && text.split("@").length === 2;
  return isBare ? parsed.address : undefined;
}

/**
 * Entra ID's word is good for its own people. Who is a guest there comes from somewhere else, and what their directory calls
 * their address may be anybody's: `acct`, `idp` and `xms_edov` tell, where the token has them.
 */
function isGuest({ tid, acct, idp, iss, xms_edov: owned }: Claims): boolean {
  const isFromElsewhere = tid !== undefined && idp !== undefined && idp !== iss;
  const isUnowned = owned !== undefined && ![true, 1, "1", "true"].some((yes) => yes === owned);
  return isFromElsewhere || isUnowned || (acct !== undefined && acct !== 0 && acct !== "0");
}
