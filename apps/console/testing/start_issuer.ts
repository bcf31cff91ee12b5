import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import type { Provider } from "oidc-provider";

/** An OpenID Connect issuer, a real one, at which whoever comes is signed in at once. */
export interface TestIssuer {
  readonly url: string;
  /** What it says of whoever signs in next, besides `sub`. */
  claims: Readonly<Record<string, unknown>>;
  /** Answers with this ID token instead of its own. */
  idToken: string | undefined;
  /** Goes through the issuer's pages: the address to which it sends the person back. */
  signIn(authorizationUrl: string): Promise<string>;
}

/** The clients that it knows. */
export const CLIENT = { id: "countersign", secret: "a-secret-of-the-console" } as const;
export const OTHER_CLIENT = { id: "other", secret: "a-secret-of-another" } as const;

// Node 20.19 does not have it, and the provider needs it.
URL.parse ??= (url, base) => (URL.canParse(url, base?.toString()) ? new URL(url, base) : null);

/** Starts an issuer until the test ends; both clients come back to `redirectUris`. */
export async function startIssuer(
  t: Pick<TestContext, "after">,
  redirectUris: () => readonly string[],
): Promise<TestIssuer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: TestIssuer = {
    url,
    claims: {},
    idToken: undefined,
    signIn: (authorizationUrl) => goThrough(authorizationUrl, url),
  };
  // It warns as soon as it is loaded.
  const oidc = await quietly(() => import("oidc-provider"));
  // Made when the first asks, since the console chooses its port itself.
  let provider: Provider | undefined;
  server.on("request", (request, response) => {
    provider ??= createProvider(oidc.Provider, issuer, redirectUris());
    void provider.callback()(request, response);
  });
  return issuer;
}

function createProvider(
  Server: typeof Provider,
  issuer: TestIssuer,
  redirectUris: readonly string[],
): Provider {
  const client = ({ id, secret }: { readonly id: string; readonly secret: string }) => ({
    client_id: id,
    client_secret: secret,
    redirect_uris: [...redirectUris],
  });
  const provider: Provider = quietly(
    () =>
      new Server(issuer.url, {
        clients: [client(CLIENT), client(OTHER_CLIENT)],
        claims: {
          openid: ["sub"],
          email: ["email", "email_verified"],
          profile: ["groups", "preferred_username"],
        },
        cookies: { keys: ["of a test"] },
        features: { devInteractions: { enabled: false } },
        findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, ...issuer.claims }) }),
        interactions: { url: (_, { uid }) => `/interaction/${uid}` },
        loadExistingGrant: async ({ oidc }) => {
          const accountId = oidc.session?.accountId;
          const clientId = oidc.client?.clientId;
          if (accountId === undefined || clientId === undefined) return undefined;
          const grant = new provider.Grant({ accountId, clientId });
          grant.addOIDCScope("openid email profile");
          await grant.save();
          return grant;
        },
        ttl: {
          AccessToken: 600,
          AuthorizationCode: 60,
          Grant: 600,
          IdToken: 600,
          Interaction: 600,
          Session: 600,
        },
      }),
  );
  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith("/interaction/")) {
      ctx.respond = false;
      await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: "person-1" } });
      return;
    }
    await next();
    if (ctx.path === "/token" && issuer.idToken !== undefined)
      ctx.body = { ...(ctx.body as object), id_token: issuer.idToken };
  });
  return provider;
}

async function goThrough(authorizationUrl: string, url: string): Promise<string> {
  const cookies = new Map<string, string>();
  let at = authorizationUrl;
  for (let steps = 0; at.startsWith(url) && steps < 10; steps++) {
    const Cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(at, { redirect: "manual", headers: { Cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (location === null)
      throw new Error(`The issuer went no further: ${response.status} ${await response.text()}`);
    at = new URL(location, at).href;
  }
  return at;
}

/** It warns on the console of what is fit for development only, which this is, and of Node 20, on which it works. */
function quietly<T>(work: () => T): T {
  const { warn, info } = console;
  const undo = () => void Object.assign(console, { warn, info });
  console.warn = () => undefined;
  console.info = () => undefined;
  const result = work();
  if (result instanceof Promise) void result.finally(undo);
  else undo();
  return result;
}
