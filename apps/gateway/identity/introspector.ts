import { createHash } from "node:crypto";
import { fetchJson } from "@countersign/host";
import type { Logger } from "pino";
import type { Claims } from "./judge_claims.ts";
import { SignInUnavailableError } from "./sign_in_unavailable_error.ts";

/** How an issuer is asked about tokens that say nothing themselves. */
export interface IntrospectorOptions {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: Logger;
}

/** An answer counts for so long at most: a token that is taken back is refused after that. */
const KEPT_MS = 60_000;

/** Answers that are kept, of each kind. */
const MAX_KEPT = 10_000;

/** Questions a minute that may come to nothing: whoever makes tokens up does not make us ask about each. */
const VAIN_A_MINUTE = 60;

/** Asks the issuer about opaque tokens (RFC 7662), rarely twice, and about made-up ones within bounds. */
export class Introspector {
  readonly #options: IntrospectorOptions;
  /** By SHA-256 of the token. */
  readonly #active = new Map<string, { readonly claims: Claims; readonly until: number }>();
  readonly #inactive = new Map<string, { readonly until: number }>();
  readonly #pending = new Map<string, Promise<Claims | undefined>>();
  #mayAsk = VAIN_A_MINUTE;
  #countedAt: number;

  constructor(options: IntrospectorOptions) {
    this.#options = options;
    this.#countedAt = options.clock();
  }

  /**
   * What the issuer says of an access token; undefined: that it is none, or none any more.
   *
   * @throws {SignInUnavailableError} when it did not answer, or may not be asked now
   */
  async claimsOf(token: string): Promise<Claims | undefined> {
    const id = createHash("sha256").update(token).digest("base64");
    const now = this.#options.clock();
    const active = this.#active.get(id);
    if (active !== undefined && active.until > now) return active.claims;
    const inactive = this.#inactive.get(id);
    if (inactive !== undefined && inactive.until > now) return undefined;
    let pending = this.#pending.get(id);
    if (pending === undefined) {
      pending = this.#ask(token, id).finally(() => this.#pending.delete(id));
      this.#pending.set(id, pending);
    }
    return pending;
  }

  async #ask(token: string, id: string): Promise<Claims | undefined> {
    const { url, clientId, clientSecret, clock, log } = this.#options;
    this.#count();
    if (this.#mayAsk < 1) throw new SignInUnavailableError(1_000);
    // Given back when the token is good.
    this.#mayAsk--;
    let told: unknown;
    try {
      told = await fetchJson(url, {
        form: new URLSearchParams({ token, token_type_hint: "access_token" }),
        headers: { authorization: basic(clientId, clientSecret) },
        maxBytes: 64 * 1024,
      });
    } catch (error) {
      log.warn({ err: error }, "Cannot ask the identity provider about a token");
      throw new SignInUnavailableError(5_000);
    }
    const now = clock();
    const claims = accessTokenIn(told);
    if (claims === undefined) {
      keep(this.#inactive, id, { until: now + KEPT_MS });
      return undefined;
    }
    this.#mayAsk++;
    keep(this.#active, id, { claims, until: now + KEPT_MS });
    return claims;
  }

  #count(): void {
    const now = this.#options.clock();
    const since = Math.max(0, now - this.#countedAt);
    this.#mayAsk = Math.min(VAIN_A_MINUTE, this.#mayAsk + (since * VAIN_A_MINUTE) / 60_000);
    this.#countedAt = now;
  }
}

/** RFC 6749 section 2.3.1: both parts are encoded as a form's. */
function basic(clientId: string, clientSecret: string): string {
  const encoded = [clientId, clientSecret].map((part) =>
    new URLSearchParams({ "": part }).toString().slice(1),
  );
  return `Basic ${Buffer.from(encoded.join(":")).toString("base64")}`;
}

/** A refresh token is active too: what is no bearer token is none of ours. */
function accessTokenIn(told: unknown): Claims | undefined {
  if (typeof told !== "object" || told === null || Array.isArray(told)) return undefined;
  const { active, token_type: type, ...claims } = told as Claims;
  return active === true && typeof type === "string" && /^bearer$/i.test(type) ? claims : undefined;
}

function keep<T>(kept: Map<string, T>, id: string, answer: T): void {
  kept.delete(id);
  kept.set(id, answer);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}
