import { fetchJson } from "./fetch_json.ts";

/** A public key as an issuer publishes it (RFC 7517). */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kty: string };

/** What an issuer publishes about itself, as far as that is needed to check its tokens. */
export interface IssuerKeys {
  /** Where it says so. */
  readonly metadataUrl: string;
  readonly jwksUri: string;
  /** For signatures, asymmetric: at most 100. */
  readonly keys: readonly PublicJwk[];
}

/** More than an issuer that changes its keys every day has at a time. */
const MAX_KEYS = 100;

/** Kinds of keys with a public half: a secret in a published set is no secret. */
const ASYMMETRIC: ReadonlySet<unknown> = new Set(["RSA", "EC", "OKP"]);

/**
 * Asks an issuer for its metadata (OpenID Connect Discovery 1.0 section 4, RFC 8414 section 3) and then for its keys.
 *
 * @param issuer exactly as its tokens name it: metadata that name another are refused
 * @throws {Error} that says what could not be had, or what is wrong with it
 */
export async function fetchIssuerKeys(issuer: string): Promise<IssuerKeys> {
  const { metadataUrl, jwksUri } = await fetchMetadata(issuer);
  const set = await fetchJson(jwksUri);
  const listed: unknown = isObject(set) ? set.keys : undefined;
  if (!Array.isArray(listed)) throw new Error(`Cannot use ${jwksUri}: it is no set of keys`);
  const keys = listed.filter(isForSignatures).slice(0, MAX_KEYS);
  if (keys.length === 0) throw new Error(`Cannot use ${jwksUri}: no key in it is for signatures`);
  return { metadataUrl, jwksUri, keys };
}

/** Where an issuer's metadata may be, in the order in which they are tried. */
function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, "");
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

async function fetchMetadata(issuer: string): Promise<Pick<IssuerKeys, "metadataUrl" | "jwksUri">> {
  const problems: string[] = [];
  for (const metadataUrl of metadataUrls(issuer)) {
    try {
      const metadata = await fetchJson(metadataUrl);
      return { metadataUrl, jwksUri: jwksUriOf(isObject(metadata) ? metadata : {}, issuer) };
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(problems.join("; "));
}

function jwksUriOf(metadata: Readonly<Record<string, unknown>>, issuer: string): string {
  const { issuer: named, jwks_uri: uri } = metadata;
  if (named !== issuer) {
    const got = typeof named === "string" ? `"${named.slice(0, 200)}"` : "none";
    throw new Error(`The issuer calls itself ${got}, and not "${issuer}" (OAUTH_ISSUER)`);
  }
  const isSafe =
    typeof uri === "string" &&
    URL.canParse(uri) &&
    // Keys that came in clear could be anybody's.
    (new URL(uri).protocol === "https:" || new URL(uri).origin === new URL(issuer).origin);
  if (!isSafe) throw new Error("The issuer's metadata name no jwks_uri with https");
  return uri;
}

function isForSignatures(key: unknown): key is PublicJwk {
  return isObject(key) && ASYMMETRIC.has(key.kty) && (key.use === undefined || key.use === "sig");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
