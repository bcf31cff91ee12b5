import type { PublicJwk } from "@countersign/host";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** Signs tokens as an identity provider does, with whatever a test wants in them. */
export interface TokenMaker {
  readonly issuer: string;
  readonly privateKey: CryptoKey;
  /** As the issuer publishes it. */
  readonly publicJwk: PublicJwk;
  /** A good token for an audience, but for what `changes` says instead; `undefined` takes a claim out. */
  sign(
    audience: string,
    changes?: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
}

/** What a maker is made of. */
export interface TokenMakerOptions {
  readonly issuer: string;
  readonly kid?: string;
  readonly alg?: string;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
}

/** Makes a fresh pair of keys, and a maker that signs with them. */
export async function createTokenMaker({
  issuer,
  kid = "k1",
  alg = "ES256",
  clock = Date.now,
}: TokenMakerOptions): Promise<TokenMaker> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } as unknown as PublicJwk;
  return {
    issuer,
    privateKey,
    publicJwk,
    sign: (audience, changes = {}, header = {}) => {
      const now = Math.floor(clock() / 1_000);
      const claims = {
        iss: issuer,
        sub: "u-ann",
        aud: audience,
        client_id: "dust",
        iat: now,
        exp: now + 3_600,
        scope: "email offline_access",
        email: "ann@acme.example",
        email_verified: true,
        ...changes,
      };
      return new SignJWT(claims as JWTPayload)
        .setProtectedHeader({ alg, kid, typ: "at+jwt", ...header } as { alg: string })
        .sign(privateKey);
    },
  };
}
