import type { Configuration } from "openid-client";
import type { SignInAttempt } from "../store/console_store.ts";
import type { Claims } from "./oidc_identity.ts";

// Loaded when somebody signs in by it: who uses links need not wait for it.

/** With whom people sign in, and as which client. */
export interface OidcClientOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: a public client, which PKCE alone protects. */
  readonly clientSecret?: string;
  /** Where the issuer sends people back to. */
  readonly redirectUri: string;
}

/** How long the issuer is waited for, in seconds. */
const TIMEOUT_S = 10;

/** A sign-in begins: where the person is sent, and what must be known when they come back. */
export interface BegunSignIn extends Omit<SignInAttempt, "returnTo"> {
  readonly url: URL;
}

/** Signs people in with an OpenID Connect issuer: authorization code with PKCE, state and nonce. */
export class OidcClient {
  readonly #options: OidcClientOptions;
  /** What the issuer says of itself; asked for again when it could not be had. */
  #discovered: Promise<Configuration> | undefined;

  constructor(options: OidcClientOptions) {
    this.#options = options;
  }

  /** @throws {Error} when the issuer cannot be reached */
  async begin(): Promise<BegunSignIn> {
    const oidc = await import("openid-client");
    const config = await this.#config();
    const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: this.#options.redirectUri,
      scope: "openid email profile",
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    return { url, state, nonce, verifier };
  }

  /**
   * What the issuer says of the person who came back with `search` (`?code=…&state=…`): the claims of the ID token, which is
   * verified to be this client's and of this sign-in, and those that only the issuer's own answer has.
   *
   * @throws {Error} when it is not as it must be, or the issuer cannot be reached
   */
  async finish(search: string, { state, nonce, verifier }: Omit<SignInAttempt, "returnTo">): Promise<Claims> {
    const oidc = await import("openid-client");
    const config = await this.#config();
    const tokens = await oidc.authorizationCodeGrant(
      config,
      new URL(`${this.#options.redirectUri}${search}`),
      {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      },
    );
    const claims = tokens.claims();
    if (claims === undefined) throw new Error("Cannot sign in: the issuer gave no ID token");
    const { userinfo_endpoint: more } = config.serverMetadata();
    const others =
      more === undefined ? {} : await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    // What is signed counts more.
    return { ...others, ...claims };
  }

  #config(): Promise<Configuration> {
    this.#discovered ??= this.#discover().catch((error: unknown) => {
      this.#discovered = undefined;
      throw error;
    });
    return this.#discovered;
  }

  async #discover(): Promise<Configuration> {
    const oidc = await import("openid-client");
    const { issuer, clientId, clientSecret } = this.#options;
    const url = new URL(issuer);
    return oidc.discovery(
      url,
      clientId,
      { redirect_uris: [this.#options.redirectUri] },
      clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret),
      {
        timeout: TIMEOUT_S,
        // Settings allow that on this machine only.
        execute: url.protocol === "http:" ? [oidc.allowInsecureRequests] : [],
      },
    );
  }
}
