import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { type Configuration, errors, Provider } from "oidc-provider";

/** An identity provider: a real authorization server, with people who may sign in. */
export interface TestIssuer {
  /** As its tokens name it. */
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Clients by their metadata documents (CIMD), by URL. */
  readonly documents: Map<string, unknown>;
}

/** How an issuer is other than the usual. */
export interface TestIssuerOptions {
  /** What its access tokens say of a person besides, by the name with which they sign in. */
  readonly people?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What its access tokens are. @default "jwt" */
  readonly format?: "jwt" | "opaque";
  /** Its answers with tokens do not say when they end. */
  readonly hidesEnd?: boolean;
  /** Refreshing with a `resource` is refused. */
  readonly refusesResourceAtRefresh?: boolean;
  /** Clients that are registered by hand. */
  readonly clients?: Configuration["clients"];
}

// Node 20.19 does not have it, and the provider needs it.
URL.parse ??= (url, base) => (URL.canParse(url, base?.toString()) ? new URL(url, base) : null);

/** Starts an issuer until the test ends. It issues tokens for whatever resource is asked for, with the scope "email". */
export async function startIssuer(t: TestContext, options: TestIssuerOptions = {}): Promise<TestIssuer> {
  const asked: string[] = [];
  const documents = new Map<string, unknown>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = quietly(() => new Provider(url, configuration(options, documents)));
  provider.use(async (ctx, next) => {
    asked.push(ctx.path);
    await next();
    if (ctx.path === "/token" && options.hidesEnd) {
      const { expires_in: _, ...body } = ctx.body as Record<string, unknown>;
      ctx.body = body;
    }
  });
  server.on("request", provider.callback());
  return { url, asked, documents };
}

function configuration(
  { people = {}, format = "jwt", refusesResourceAtRefresh, clients = [] }: TestIssuerOptions,
  documents: ReadonlyMap<string, unknown>,
): Configuration {
  const configured: Configuration = {
    clients,
    scopes: ["openid", "offline_access", "email"],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    cookies: { keys: ["of a test"] },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
    extraTokenClaims: (_, token) => ("accountId" in token ? people[token.accountId] : undefined),
    issueRefreshToken: async () => true,
    // It looks at the resource last: a token that it had used up by then could not be used again without one.
    rotateRefreshToken: refusesResourceAtRefresh !== true,
    ttl: {
      AccessToken: 600,
      Grant: 3_600,
      Interaction: 600,
      Session: 3_600,
      IdToken: 600,
      RefreshToken: 3_600,
    },
    fetch: async (url) => {
      const document = documents.get(String(url));
      return new Response(JSON.stringify(document), { status: document === undefined ? 404 : 200 });
    },
    features: {
      registration: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      clientIdMetadataDocument: { enabled: true, ack: "draft-02" },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (ctx, resource) => {
          if (
            refusesResourceAtRefresh &&
            ctx.oidc.params?.grant_type === "refresh_token" &&
            isAskedFor(ctx.oidc.body)
          )
            throw new errors.InvalidTarget("no resource is taken here");
          return { scope: "email offline_access", audience: resource, accessTokenFormat: format };
        },
        useGrantedResource: () => true,
      },
    },
  };
  return configured;
}

function isAskedFor(body: unknown): boolean {
  return typeof body === "object" && body !== null && "resource" in body;
}

/** It warns on the console of what is fit for development only, which this is. */
function quietly<T>(work: () => T): T {
  const { warn, info } = console;
  console.warn = () => undefined;
  console.info = () => undefined;
  try {
    return work();
  } finally {
    Object.assign(console, { warn, info });
  }
}
