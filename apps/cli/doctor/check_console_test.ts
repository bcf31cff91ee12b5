import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startPostgres } from "@countersign/trail/testing/start-postgres";
import { checkConsole } from "./check_console.ts";

test("checkConsole() says whether people reach the console and can sign in, and whether its database is there and its own", async (t) => {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === "/healthz") return void outgoing.end('{"status":"ok"}');
    outgoing.setHeader("Content-Type", "application/json");
    const metadata = {
      ...{ issuer: url, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` },
      ...{ jwks_uri: `${url}/keys`, response_types_supported: ["code"] },
    };
    if (incoming.url === "/.well-known/openid-configuration")
      return void outgoing.end(JSON.stringify(metadata));
    outgoing.writeHead(404).end();
  });
  const url = await listen(server);
  const stranger = createServer((_, outgoing) => void outgoing.writeHead(302, { location: "/" }).end());
  const elsewhere = await listen(stranger);
  const postgres = await startPostgres();
  t.after(async () => {
    for (const one of [server, stranger]) {
      one.closeAllConnections();
      one.close();
    }
    await postgres.remove();
  });
  const databaseUrl = await postgres.createDatabase();
  const oidc = { CONSOLE_AUTH: "oidc", OIDC_CLIENT_ID: "console", CONSOLE_URL: url };
  const here = { CONSOLE_URL: url };
  const local = /warning .*is for this machine only$/;
  const sqlite = /ok CONSOLE_DATABASE_URL is not set/;
  const links = /ok CONSOLE_AUTH is not oidc/;
  const cases: readonly (readonly [env: Record<string, string>, found: readonly RegExp[]])[] = [
    [{}, [/^ok No CONSOLE_ or OIDC_ variable is set/]],
    [here, [/^ok It answers at http/, links, sqlite]],
    [{ CONSOLE_URL: elsewhere }, [/^problem What answers at .* is not the console \(302\)$/, links, sqlite]],
    [{ CONSOLE_URL: "http://127.0.0.1:1" }, [/^warning Nothing answers at http/, links, sqlite]],
    [{ CONSOLE_PORT: "0" }, [/^warning CONSOLE_PORT is 0/, links, sqlite]],
    [{ ...here, OIDC_ISSUER: url }, [/^ok It/, /^warning OIDC_ISSUER means nothing/, sqlite]],
    [{ ...oidc, OIDC_ISSUER: url }, [local, /^ok It/, /^ok http.* takes sign-ins at http.*\/auth$/, sqlite]],
    [
      { ...oidc, OIDC_ISSUER: `${url}/realm` },
      [local, /^ok It/, /^problem Nobody can sign in: http.*\/realm does not say how/, sqlite],
    ],
    [oidc, [local, /^ok It/, /^problem Nobody can sign in: CONSOLE_AUTH is oidc, and OIDC_ISSUER/, sqlite]],
    [
      { ...here, CONSOLE_DATABASE_URL: databaseUrl, DATABASE_URL: databaseUrl },
      [
        /^ok It/,
        links,
        /^ok PostgreSQL \d+.* lets /,
        /^warning .* are of the same role: whoever takes the gateway over/,
      ],
    ],
    [
      { ...here, CONSOLE_DATABASE_URL: "postgres://console@127.0.0.1:1/countersign" },
      [
        /^ok It/,
        links,
        /^problem Cannot use the database of CONSOLE_DATABASE_URL: .+ in CONSOLE_DATABASE_URL/,
      ],
    ],
  ];
  for (const [env, wanted] of cases) {
    const found = (await checkConsole(env)).map(({ level, message }) => `${level} ${message}`);
    assert.equal(found.length, wanted.length, found.join("\n"));
    for (const [index, pattern] of wanted.entries()) assert.match(found[index] ?? "", pattern);
  }
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
