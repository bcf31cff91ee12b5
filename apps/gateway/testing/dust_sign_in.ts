import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Browser } from "./browser.ts";

/** Dust's client id, which is where it says who it is (CIMD); one for all of Dust. */
export const DUST_CLIENT = "https://app.dust.tt/.well-known/oauth-client.json";

const REDIRECT = "https://app.dust.tt/oauth/mcp/finalize";

/** What is to be read there. */
export const DUST_DOCUMENT: Readonly<Record<string, unknown>> = {
  client_id: DUST_CLIENT,
  client_name: "Dust",
  redirect_uris: [REDIRECT],
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
};

/** What Dust keeps of a person's own connection. */
export interface DustConnection {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Signs people in to an MCP server as Dust does for personal accounts, given the server's address only. */
export class DustSignIn {
  readonly #url: string;
  readonly #resource: string;
  readonly #metadata: Readonly<Record<string, unknown>>;
  readonly #scope: string;

  private constructor(url: string, found: Discovered) {
    this.#url = url;
    this.#resource = found.resource;
    this.#metadata = found.metadata;
    this.#scope = found.scope;
  }

  /** Finds the authorization server of the MCP server at an address. */
  static async discover(url: string): Promise<DustSignIn> {
    const refused = await fetch(url, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    assert.equal(refused.status, 401);
    const challenge = refused.headers.get("www-authenticate") ?? "";
    const at = /^Bearer .*resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? "";
    const described = (await (await fetch(at)).json()) as {
      resource: string;
      authorization_servers: string[];
      scopes_supported: string[];
    };
    const { origin, pathname } = new URL(described.authorization_servers[0] ?? "");
    const path = pathname === "/" ? "" : pathname;
    let response = await fetch(`${origin}/.well-known/oauth-authorization-server${path}`);
    if (!response.ok) response = await fetch(`${origin}${path}/.well-known/openid-configuration`);
    const metadata = (await response.json()) as Record<string, unknown>;
    assert.equal(metadata.client_id_metadata_document_supported, true);
    const offered = metadata.scopes_supported;
    const offline = Array.isArray(offered) && offered.includes("offline_access") ? ["offline_access"] : [];
    const scope = [...described.scopes_supported, ...offline].join(" ");
    return new DustSignIn(url, { resource: described.resource, metadata, scope });
  }

  /** The MCP server's address. */
  get url(): string {
    return this.#url;
  }

  /** Connects a person's own account; `scope` is what is asked for. */
  async connect(login: string, scope: string = this.#scope): Promise<DustConnection> {
    const verifier = randomBytes(32).toString("base64url");
    const state = randomBytes(16).toString("hex");
    const authorize = new URL(String(this.#metadata.authorization_endpoint));
    authorize.search = new URLSearchParams({
      response_type: "code",
      client_id: DUST_CLIENT,
      redirect_uri: REDIRECT,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      state,
      scope,
      resource: this.#resource,
    }).toString();
    const back = await new Browser(login).open(authorize.href, REDIRECT);
    assert.equal(back.searchParams.get("state"), state);
    const answer = await this.#ask({
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      redirect_uri: REDIRECT,
      code_verifier: verifier,
      resource: this.#resource,
    });
    return connectionOf(answer);
  }

  /** Refreshes a connection: with the resource, and after a 400 once more without it. */
  async refresh({ refreshToken = "" }: DustConnection): Promise<DustConnection> {
    const form = { grant_type: "refresh_token", refresh_token: refreshToken };
    const first = await this.#ask({ ...form, resource: this.#resource });
    return connectionOf(first.status === 400 ? await this.#ask(form) : first);
  }

  #ask(form: Readonly<Record<string, string>>): Promise<Response> {
    return fetch(String(this.#metadata.token_endpoint), {
      method: "POST",
      body: new URLSearchParams({ ...form, client_id: DUST_CLIENT }),
    });
  }
}

interface Discovered {
  readonly resource: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly scope: string;
}

async function connectionOf(response: Response): Promise<DustConnection> {
  const body = (await response.json()) as Record<string, unknown>;
  assert.equal(response.status, 200, JSON.stringify(body));
  return {
    accessToken: String(body.access_token),
    refreshToken: typeof body.refresh_token === "string" ? body.refresh_token : undefined,
    // What does not say when it ends is taken for an hour.
    expiresIn: typeof body.expires_in === "number" ? body.expires_in : 3_600,
  };
}
