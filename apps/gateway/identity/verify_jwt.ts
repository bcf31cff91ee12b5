import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type LocalJWKSet } from "jose";
import { type Claims, judgeClaims, type TokenRefusal, type WantedClaims } from "./judge_claims.ts";
import type { KeyCache } from "./key_cache.ts";

/** What a token says, or why it is not taken. */
export type Verified =
  | { readonly ok: true; readonly claims: Claims }
  | ({ readonly ok: false } & TokenRefusal);

/** Signatures that anybody can check and only the issuer can make: never `none`, never a shared secret. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

/** By these a token would say itself what it is to be checked with, or wants something that we do not know. */
const FORBIDDEN = ["jwk", "jku", "x5u", "crit", "b64", "cty", "zip"] as const;

/** Whether a token has the form of a signed JWT (RFC 7515 section 7.1); others are opaque. */
export function isJwt(token: string): boolean {
  return /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(token);
}

/**
 * Checks an access token that is a JWT, after RFC 9068 section 4. What can be seen to be wrong without its signature is
 * refused before it is checked, and before anybody is asked.
 *
 * @throws {SignInUnavailableError}
 */
export async function verifyJwt(token: string, keys: KeyCache, wanted: WantedClaims): Promise<Verified> {
  let isTyped: boolean;
  try {
    const header = decodeProtectedHeader(token);
    const why = wrongHeader(header);
    if (why !== undefined) return invalid(why);
    isTyped = isAccessToken(header.typ);
    const seen = judgeClaims(decodeJwt(token), wanted, { isTyped });
    // What is missing in its scope is told to whom the issuer has issued it.
    if (seen?.code === "invalid_token") return { ok: false, ...seen };
  } catch {
    return invalid("it is malformed");
  }
  const claims = await verifySignature(token, keys, wanted);
  if (claims === undefined) return invalid("its signature is none of the issuer's");
  const refusal = judgeClaims(claims, wanted, { isTyped });
  return refusal === undefined ? { ok: true, claims } : { ok: false, ...refusal };
}

function invalid(why: string): Verified {
  return { ok: false, code: "invalid_token", why };
}

function wrongHeader(header: Readonly<Record<string, unknown>>): string | undefined {
  const { alg, typ } = header;
  if (typeof alg !== "string" || !ALGORITHMS.includes(alg)) return "its algorithm is not taken";
  if (FORBIDDEN.some((name) => header[name] !== undefined)) return "its header asks for more than a key";
  if (typ !== undefined && !isAccessToken(typ) && !/^jwt$/i.test(String(typ))) return "it is no access token";
  return undefined;
}

function isAccessToken(typ: unknown): boolean {
  return typeof typ === "string" && /^(?:application\/)?at\+jwt$/i.test(typ);
}

/** What the issuer signed; undefined: it did not. */
async function verifySignature(
  token: string,
  keys: KeyCache,
  { issuer, now }: WantedClaims,
): Promise<Claims | undefined> {
  const verify = async (set: LocalJWKSet): Promise<Claims> => {
    const options = { algorithms: ALGORITHMS, issuer, currentDate: new Date(now), clockTolerance: 60 };
    return (await jwtVerify(token, set, options)).payload;
  };
  try {
    return await verify(await keys.keys()).catch(async (error: unknown) => {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const renewed = await keys.renewed();
      return renewed === undefined ? undefined : verify(renewed);
    });
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
