import type { Person } from "@countersign/core/decision";
import type { Settings } from "@countersign/host";
import type { Logger } from "pino";
import { Introspector } from "./introspector.ts";
import { judgeClaims, type TokenRefusal, type WantedClaims } from "./judge_claims.ts";
import { KeyCache, type KeyCacheOptions } from "./key_cache.ts";
import { type PersonSettings, personOf } from "./person_of.ts";
import { isJwt, type Verified, verifyJwt } from "./verify_jwt.ts";

/** The settings of sign-in, with an issuer. */
export type SignInSettings = PersonSettings &
  Pick<
    Settings,
    | "publicUrl"
    | "oauthAudience"
    | "oauthScope"
    | "oauthClients"
    | "oauthIntrospectionUrl"
    | "oauthIntrospectionClientId"
    | "oauthIntrospectionClientSecret"
  > & { readonly oauthIssuer: string };

/** What sign-in is made of. */
export interface SignInOptions extends Pick<KeyCacheOptions, "clock" | "log" | "fetchKeys"> {
  readonly settings: SignInSettings;
}

/** Who has a token, or why nobody knows: the code of RFC 6750 section 3.1. */
export type Identified =
  | { readonly ok: true; readonly person: Person }
  | { readonly ok: false; readonly code: TokenRefusal["code"] };

/** Longer tokens are not looked at: headers have 16 KiB together. */
const MAX_TOKEN = 12 * 1024;

/** Tells by their access tokens who the people behind assistants are. */
export class SignIn {
  readonly #settings: SignInSettings;
  readonly #clock: () => number;
  readonly #log: Logger;
  readonly #keys: KeyCache;
  readonly #introspector: Introspector | undefined;

  constructor({ settings, clock, log, fetchKeys }: SignInOptions) {
    this.#settings = settings;
    this.#clock = clock;
    this.#log = log;
    const issuer = settings.oauthIssuer;
    this.#keys = new KeyCache({ issuer, clock, log, ...(fetchKeys !== undefined && { fetchKeys }) });
    const { oauthIntrospectionUrl: url, oauthIntrospectionClientId: clientId } = settings;
    const { oauthIntrospectionClientSecret: clientSecret } = settings;
    this.#introspector =
      url === undefined || clientId === undefined || clientSecret === undefined
        ? undefined
        : new Introspector({ url, clientId, clientSecret, clock, log });
  }

  /** Whose tokens are taken. */
  get issuer(): string {
    return this.#settings.oauthIssuer;
  }

  /** Where people sign in to assistants, without a slash at its end. */
  get publicUrl(): string {
    return this.#settings.publicUrl;
  }

  /** The scope that they must have. */
  get scope(): string {
    return this.#settings.oauthScope;
  }

  /** Has the issuer's keys asked for, so that the first token need not wait. Nobody waits for this. */
  start(): void {
    void this.#keys.renewed();
  }

  /**
   * Tells whose a token for a resource is. What is wrong with one is told to our own log at the level `debug`, without the
   * token: who made it up learns nothing.
   *
   * @param resource the address that it was sent to (RFC 8707)
   * @throws {SignInUnavailableError} when the issuer must be asked, and cannot be
   */
  async identify(token: string, resource: string): Promise<Identified> {
    const verified = await this.#verify(token, resource);
    if (verified.ok) return { ok: true, person: personOf(verified.claims, this.#settings) };
    const { code, why } = verified;
    this.#log.debug({ code, why, resource }, "A token was refused");
    return { ok: false, code };
  }

  async #verify(token: string, resource: string): Promise<Verified> {
    // A key of ours in the place of a token is not shown to anybody.
    if (token.length > MAX_TOKEN || token.startsWith("csk_")) return invalid("it is no token");
    const wanted: WantedClaims = {
      issuer: this.#settings.oauthIssuer,
      audiences: [resource, this.#settings.oauthAudience].filter((one) => one !== undefined),
      scope: this.#settings.oauthScope,
      clients: this.#settings.oauthClients,
      now: this.#clock(),
    };
    if (isJwt(token)) return verifyJwt(token, this.#keys, wanted);
    const told = await this.#introspector?.claimsOf(token);
    if (told === undefined) return invalid("it is no JWT, and nobody vouches for it");
    // RFC 7662 lets an issuer leave out its own name.
    const claims = { iss: wanted.issuer, ...told };
    const refusal = judgeClaims(claims, wanted, { isTyped: true });
    return refusal === undefined ? { ok: true, claims } : { ok: false, ...refusal };
  }
}

function invalid(why: string): Verified {
  return { ok: false, code: "invalid_token", why };
}
