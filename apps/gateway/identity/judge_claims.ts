/** What a token says, signed or told by its issuer; not yet judged. */
export type Claims = Readonly<Record<string, unknown>>;

/** What a token must say to be taken. */
export interface WantedClaims {
  /** Exactly. */
  readonly issuer: string;
  /** One of them. */
  readonly audiences: readonly string[];
  readonly scope: string;
  /** Client ids; none: any client's. */
  readonly clients: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Why a token is not taken: the code of RFC 6750 section 3.1, and for our own log what is wrong, free of what it says. */
export interface TokenRefusal {
  readonly code: "invalid_token" | "insufficient_scope";
  readonly why: string;
}

/** Clocks may differ by so much. */
const SKEW_MS = 60_000;

/** More audiences than a token for this gateway has. */
const MAX_AUDIENCES = 50;

/** Longer ids of people are none (OpenID Connect Core section 2). */
const MAX_SUBJECT = 255;

/** Who a token was issued to: RFC 9068 and OpenID Connect, then as Entra ID (version 1) and Okta name it. */
const CLIENT_CLAIMS = ["client_id", "azp", "appid", "cid"] as const;

/** What only ID tokens and events about sessions have, which are made for a client and never for us. */
const OTHER_TOKENS = ["nonce", "at_hash", "c_hash", "s_hash", "events"] as const;

const TENANT = /\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?=\/|$)/i;

/**
 * Judges what a token says by RFC 9068 section 4, and by what tells a person's access token from everything else that the
 * same issuer signs. Undefined: it is good.
 *
 * @param isTyped its header says that it is an access token, or the issuer itself does
 */
export function judgeClaims(
  claims: Claims,
  wanted: WantedClaims,
  { isTyped }: { readonly isTyped: boolean },
): TokenRefusal | undefined {
  const why =
    wrongIssuer(claims, wanted) ??
    wrongTime(claims, wanted) ??
    wrongAudience(claims, wanted) ??
    wrongKind(claims, isTyped) ??
    wrongClient(claims, wanted) ??
    nobody(claims);
  if (why !== undefined) return { code: "invalid_token", why };
  return hasScope(claims, wanted.scope)
    ? undefined
    : { code: "insufficient_scope", why: "it does not have OAUTH_SCOPE" };
}

function wrongIssuer({ iss, tid }: Claims, { issuer }: WantedClaims): string | undefined {
  if (iss !== issuer) return "its issuer is another one";
  const tenant = TENANT.exec(issuer)?.[1];
  return tid === undefined || tenant === undefined || tid === tenant.toLowerCase()
    ? undefined
    : "its tenant is another one";
}

function wrongTime({ exp, nbf, iat }: Claims, { now }: WantedClaims): string | undefined {
  if (!isTime(exp)) return "it has no end";
  if (exp * 1_000 + SKEW_MS <= now) return "it has expired";
  for (const begin of [nbf, iat]) {
    if (begin === undefined) continue;
    if (!isTime(begin)) return "its beginning is no time";
    if (begin * 1_000 - SKEW_MS > now) return "it is not valid yet";
  }
  return undefined;
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function audiencesOf({ aud }: Claims): readonly string[] {
  const all: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const named = all.filter((one) => typeof one === "string");
  const isWhole = named.length === all.length && named.length <= MAX_AUDIENCES;
  // One that is named twice was put together by somebody who does not know what the other did.
  return isWhole && new Set(named).size === named.length ? named : [];
}

function wrongAudience(claims: Claims, { audiences }: WantedClaims): string | undefined {
  return audiencesOf(claims).some((audience) => audiences.includes(audience))
    ? undefined
    : "it is for somebody else";
}

/** That it is no access token, or one that only its holder may use, who would have to prove that. */
function wrongKind(claims: Claims, isTyped: boolean): string | undefined {
  const { typ, token_use: use, cnf } = claims;
  const isOther =
    OTHER_TOKENS.some((name) => claims[name] !== undefined) ||
    (typ !== undefined && !/^bearer$/i.test(String(typ))) ||
    (use !== undefined && use !== "access");
  if (isOther) return "it is no access token";
  if (cnf !== undefined) return "it is bound to a key that did not come with it";
  // What is made for a client itself is an ID token, where nothing says otherwise.
  const clients = clientsOf(claims);
  const isForClient = !isTyped && audiencesOf(claims).some((audience) => clients.includes(audience));
  return isForClient ? "it is for its own client, as an ID token is" : undefined;
}

function clientsOf(claims: Claims): readonly string[] {
  return CLIENT_CLAIMS.map((name) => claims[name]).filter((id) => typeof id === "string");
}

function wrongClient(claims: Claims, { clients }: WantedClaims): string | undefined {
  if (clients.length === 0) return undefined;
  const named = clientsOf(claims);
  const isTaken = named.length > 0 && named.every((id) => clients.includes(id));
  return isTaken ? undefined : "its client is not among OAUTH_CLIENTS";
}

/** That no person is behind it: a program signed in with its own secret. */
function nobody(claims: Claims): string | undefined {
  const { sub, idtyp, gty } = claims;
  if (typeof sub !== "string" || sub.trim() === "" || sub.length > MAX_SUBJECT) return "it names nobody";
  const isProgram = clientsOf(claims).includes(sub) || idtyp === "app" || gty === "client-credentials";
  return isProgram ? "it is a program's own" : undefined;
}

/** RFC 9068 has `scope`; Entra ID and Okta have `scp`, Entra ID without the name of the API that precedes it in a request. */
function hasScope({ scope, scp }: Claims, wanted: string): boolean {
  const short = wanted.split("/").at(-1) ?? wanted;
  return listOf(scope).includes(wanted) || listOf(scp).some((one) => one === wanted || one === short);
}

function listOf(value: unknown): readonly unknown[] {
  if (typeof value === "string") return value.split(" ");
  return Array.isArray(value) ? value : [];
}
