import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import {
  Client,
  type OAuthClientInformationMixed,
  type OAuthClientProvider,
  type OAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { Pool } from "undici";
import { Browser } from "../testing/browser.ts";
import { DustClient, readRpc } from "../testing/dust_client.ts";
import { DUST_CLIENT, DUST_DOCUMENT, DustSignIn } from "../testing/dust_sign_in.ts";
import { salesTeams } from "../testing/sales_teams.ts";
import { startDust } from "../testing/start_dust.ts";
import { type SignInStack, startSignIn } from "../testing/start_sign_in.ts";
import { startStack } from "../testing/start_stack.ts";
import { createTokenMaker } from "../testing/token_maker.ts";

const EMAIL = { to: ["ann@client.example"], subject: "Your order", body: "It is on its way." };
const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };
const CALLBACK = "http://127.0.0.1:9/callback";

function post(url: string, headers: Record<string, string> = {}, body: unknown = LIST): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

/** A person's token for an assistant, as Dust gets it. */
async function tokenOf({ issuer, urlOf }: SignInStack, login: string, assistant: string): Promise<string> {
  issuer.documents.set(DUST_CLIENT, DUST_DOCUMENT);
  const dust = await DustSignIn.discover(urlOf(assistant));
  return (await dust.connect(login)).accessToken;
}

/** What the SDK's client keeps in memory, and the person who uses it. */
function providerFor(login: string): OAuthClientProvider & { readonly back: () => URLSearchParams } {
  let client: OAuthClientInformationMixed | undefined;
  let tokens: OAuthTokens | undefined;
  let verifier = "";
  let back = new URLSearchParams();
  return {
    redirectUrl: CALLBACK,
    clientMetadata: {
      client_name: "An MCP client",
      redirect_uris: [CALLBACK],
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: "none",
      application_type: "native",
    },
    clientInformation: () => client,
    saveClientInformation: (information) => {
      client = information;
    },
    tokens: () => tokens,
    saveTokens: (given) => {
      tokens = given;
    },
    redirectToAuthorization: async (url) => {
      back = (await new Browser(login).open(url.href, CALLBACK)).searchParams;
    },
    saveCodeVerifier: (given) => {
      verifier = given;
    },
    codeVerifier: () => verifier,
    back: () => back,
  };
}

test("The SDK's client finds the issuer by the address alone, signs a person in, and calls", async (t) => {
  const { stack, issuer, urlOf } = await startSignIn(t);
  for (const [mode, subject] of [
    ["legacy", "One"],
    ["auto", "Two"],
  ] as const) {
    const authProvider = providerFor("ann");
    const url = new URL(urlOf("sales/bot"));
    const signingIn = new StreamableHTTPClientTransport(url, { authProvider });
    const first = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    await assert.rejects(first.connect(signingIn), UnauthorizedError);
    await signingIn.finishAuth(authProvider.back());
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(url, { authProvider }));
    assert.equal((await client.listTools()).tools.length, 9);
    const result = await client.callTool({ name: "send_email", arguments: { ...EMAIL, subject } });
    assert.match(JSON.stringify(result.content), /HELD: /);
    await client.close();
  }
  assert.ok(issuer.asked.includes("/reg"));
  const intents = await stack.records({ kind: "intent" });
  assert.deepEqual(
    intents.map(({ record }) => [record.assistant, record.data.effect, record.data.person !== undefined]),
    [
      ["bot", "allow", true],
      ["bot", "allow", true],
    ],
  );
});

test("The SDK's client of version 1 signs a person in and calls", async (t) => {
  const { urlOf } = await startSignIn(t);
  const authProvider = providerFor("ann");
  const url = new URL(urlOf("sales/bot"));
  const open = () => new TransportV1(url, { authProvider: authProvider as never });
  const signingIn = open();
  await assert.rejects(new ClientV1({ name: "test", version: "1" }).connect(signingIn as Transport));
  await signingIn.finishAuth(authProvider.back().get("code") ?? "");
  const client = new ClientV1({ name: "test", version: "1" });
  await client.connect(open() as Transport);
  const result = await client.callTool({ name: "send_email", arguments: EMAIL });
  assert.match(JSON.stringify(result.content), /HELD: /);
  await client.close();
});

test("A client that behaves as Dust's connects personal accounts, calls, and refreshes", async (t) => {
  for (const refusesResourceAtRefresh of [false, true]) {
    const options = { refusesResourceAtRefresh, hidesEnd: true };
    const variables = { OAUTH_CLIENTS: DUST_CLIENT };
    const { issuer, urlOf } = await startSignIn(t, options, { variables });
    issuer.documents.set(DUST_CLIENT, DUST_DOCUMENT);
    const dust = await DustSignIn.discover(urlOf("sales/bot"));
    const ann = await dust.connect("ann");
    assert.equal(ann.expiresIn, 3_600);
    const client = new DustClient(dust.url, ann.accessToken);
    assert.equal((await client.list()).length, 9);
    assert.match((await client.call("send_email", EMAIL)).text, /^HELD: /);
    const later = await dust.refresh(ann);
    assert.notEqual(later.accessToken, ann.accessToken);
    assert.match(
      (await new DustClient(dust.url, later.accessToken).call("email_status", {})).text,
      /^HELD: /,
    );
  }
});

test("Whoever may not use an assistant learns it as a result, and nothing of its policy", async (t) => {
  const started = await startSignIn(t);
  const { stack, urlOf } = started;
  for (const [login, assistant, isAllowed] of [
    ["ann", "sales/grouped", true],
    ["bob", "sales/grouped", false],
    ["eve", "sales/bot", false],
    ["mallory", "sales/bot", false],
  ] as const) {
    const client = new DustClient(urlOf(assistant), await tokenOf(started, login, assistant));
    const before = (await stack.records({ kind: "intent" })).length;
    for (const tool of ["check_inbox", "email_policy"]) {
      const { isError, text: said } = await client.call(tool, {});
      assert.equal(isError, !isAllowed, `${login} ${assistant} ${tool}: ${said}`);
      if (!isAllowed) {
        assert.match(said, /^DENIED /);
        assert.doesNotMatch(said, /skip|internal|acme\.multimail/);
      }
    }
    const denied = (await stack.records({ kind: "intent" })).slice(before);
    if (!isAllowed) assert.equal(denied.length, 2);
  }
});

test("Whoever may not use an assistant is not told what became of the same email of somebody else's", async (t) => {
  const started = await startSignIn(t);
  const send = async (login: string) => {
    const token = await tokenOf(started, login, "sales/bot");
    return new DustClient(started.urlOf("sales/bot"), token).call("send_email", EMAIL);
  };
  const sent = await send("ann");
  const receipt = /rcp_\w+/.exec(sent.text)?.[0] ?? "none";
  assert.match(sent.text, /^HELD: /);
  assert.match((await send("bob")).text, new RegExp(`^DUPLICATE: [\\s\\S]*${receipt}`));
  const refused = await send("eve");
  assert.equal(refused.isError, true);
  assert.match(refused.text, /^DENIED \(policy_denied\): [\s\S]*users/);
  assert.ok(!refused.text.includes(receipt));
});

/** Everything that a person could be told apart by. */
async function seen(response: Response): Promise<unknown> {
  const { status } = response;
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== "date"));
  return { status, headers, body: await response.text() };
}

const UNSERVED = [
  "sales/plain",
  "sales/nobody",
  "nowhere/bot",
  "SALES/bot",
  "sales/BOT",
  "sales/bot%00",
  "__proto__/constructor",
];

test("mcpDoor() tells nobody which assistants there are, but those that people sign in to", async (t) => {
  const { stack, urlOf } = await startSignIn(t);
  const { stack: without, url } = await startDust(t);
  const key = bearer(stack.keyOf("sales/plain"));
  for (const ask of [
    (at: string) => post(at),
    (at: string) => post(at, key),
    (at: string) => post(at, bearer("x.y.z")),
    (at: string) => post(at, { ...bearer("x"), "x-countersign-key": stack.keyOf("sales/plain") }),
    (at: string) => fetch(at),
    (at: string) => fetch(at, { method: "DELETE" }),
    (at: string) => fetch(at.replace("/mcp/", "/.well-known/oauth-protected-resource/mcp/")),
  ]) {
    const answers = await Promise.all(UNSERVED.map(async (assistant) => seen(await ask(urlOf(assistant)))));
    const [first] = answers as { status: number; body: string }[];
    assert.equal(first?.status, 404);
    assert.equal(JSON.parse(first.body).error, "not_found");
    for (const answer of answers) assert.deepEqual(answer, first);
    // Where nobody signs in, it is the same for all.
    for (const assistant of ["sales/bot", "sales/other", "nowhere/bot"]) {
      assert.deepEqual(await seen(await ask(`${url}/mcp/${assistant}`)), first);
    }
  }
  assert.equal((await without.records({ kind: "intent" })).length, 0);
});

test("mcpDoor() describes an assistant's address as RFC 9728 says", async (t) => {
  const { issuer, urlOf } = await startSignIn(t, {}, { variables: { OAUTH_SCOPE: "mail.use" } });
  const url = urlOf("sales/bot");
  const metadataUrl = url.replace("/mcp/", "/.well-known/oauth-protected-resource/mcp/");
  const response = await post(url);
  assert.equal(response.status, 401);
  assert.equal(response.headers.get("www-authenticate"), `Bearer resource_metadata="${metadataUrl}"`);
  assert.ok((await readRpc(response)).error?.message);
  assert.deepEqual(await (await fetch(metadataUrl)).json(), {
    resource: url,
    authorization_servers: [issuer.url],
    scopes_supported: ["mail.use"],
    bearer_methods_supported: ["header"],
  });
  // Whoever sends no token at all is not told that it is wrong.
  for (const headers of [{ authorization: "Basic YTpi" }, { authorization: "Bearer" }]) {
    const none = await post(url, headers);
    assert.equal(none.headers.get("www-authenticate"), `Bearer resource_metadata="${metadataUrl}"`);
  }
  for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
    const wrong = await fetch(url, { method });
    assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "POST"], method);
  }
});

test("mcpDoor() answers every bad token with the same words", async (t) => {
  const started = await startSignIn(t);
  const { issuer, urlOf } = started;
  const url = urlOf("sales/bot");
  const good = await tokenOf(started, "ann", "sales/bot");
  assert.equal((await post(url, bearer(good))).status, 200);
  const other = await tokenOf(started, "ann", "sales/grouped");
  const evil = await createTokenMaker({ issuer: issuer.url });
  const [head = "", body = "", signature = ""] = good.split(".");
  const tokens = [
    other,
    await evil.sign(url),
    await evil.sign(url, {}, { kid: "../../key" }),
    `${head}.${body}.`,
    `${Buffer.from('{"alg":"none"}').toString("base64url")}.${body}.`,
    `${head}.${body}.${signature.slice(0, -4)}AAAA`,
    "opaque",
    started.stack.keyOf("sales/bot"),
  ];
  const answers = await Promise.all(tokens.map(async (token) => seen(await post(url, bearer(token)))));
  const [first] = answers as { status: number; headers: Record<string, string> }[];
  assert.equal(first?.status, 401);
  assert.match(
    first.headers["www-authenticate"] ?? "",
    /^Bearer resource_metadata="[^"]+", error="invalid_token"$/,
  );
  for (const answer of answers) assert.deepEqual(answer, first);
  assert.equal((await post(urlOf("sales/grouped"), bearer(other))).status, 200);
});

test("mcpDoor() refuses the issuer's ID tokens and refresh tokens", async (t) => {
  const started = await startSignIn(t);
  const { issuer, urlOf } = started;
  issuer.documents.set(DUST_CLIENT, DUST_DOCUMENT);
  const redirect = "https://app.dust.tt/oauth/mcp/finalize";
  const url = urlOf("sales/bot");
  const verifier = randomBytes(32).toString("base64url");
  const search = new URLSearchParams({
    ...{ response_type: "code", client_id: DUST_CLIENT, redirect_uri: redirect, scope: "openid email" },
    ...{ code_challenge: createHash("sha256").update(verifier).digest("base64url"), nonce: "n" },
    ...{ code_challenge_method: "S256", resource: url },
  });
  const back = await new Browser("ann").open(`${issuer.url}/auth?${search}`, redirect);
  const form = {
    ...{ grant_type: "authorization_code", client_id: DUST_CLIENT, redirect_uri: redirect },
    ...{ code_verifier: verifier, code: back.searchParams.get("code") ?? "" },
  };
  const answer = await fetch(`${issuer.url}/token`, { method: "POST", body: new URLSearchParams(form) });
  const tokens = (await answer.json()) as Record<string, string>;
  assert.equal((await post(url, bearer(tokens.access_token ?? ""))).status, 200);
  for (const token of [tokens.id_token, tokens.refresh_token]) {
    assert.equal((await post(url, bearer(token ?? ""))).status, 401);
  }
});

test("mcpDoor() says when a good token lacks the scope", async (t) => {
  const started = await startSignIn(t, {}, { variables: { OAUTH_SCOPE: "mail.use" } });
  const { issuer, urlOf } = started;
  issuer.documents.set(DUST_CLIENT, DUST_DOCUMENT);
  const dust = await DustSignIn.discover(urlOf("sales/bot"));
  const { accessToken } = await dust.connect("ann", "email");
  const response = await post(dust.url, bearer(accessToken));
  assert.equal(response.status, 403);
  assert.match(
    response.headers.get("www-authenticate") ?? "",
    /^Bearer resource_metadata="[^"]+", error="insufficient_scope", scope="mail\.use"$/,
  );
});

test("mcpDoor() does not ask the issuer about each bad token", async (t) => {
  const started = await startSignIn(t);
  const { issuer, urlOf } = started;
  const url = urlOf("sales/bot");
  const good = await tokenOf(started, "ann", "sales/bot");
  assert.equal((await post(url, bearer(good))).status, 200);
  const before = issuer.asked.length;
  const [, claims = "", signature = ""] = good.split(".");
  const made = (i: number): string => {
    if (i % 2 === 0) return `opaque-${i}`;
    const header = { alg: "RS256", kid: `k${i}`, typ: "at+jwt" };
    return `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${claims}.${signature}`;
  };
  const pool = new Pool(new URL(url).origin, { connections: 16 });
  t.after(() => pool.destroy());
  const headers = { "content-type": "application/json", accept: "application/json" };
  const body = JSON.stringify(LIST);
  const tryBad = async (i: number) => {
    const answer = await pool.request({
      path: "/mcp/sales/bot",
      method: "POST",
      headers: { ...headers, ...bearer(made(i)) },
      body,
    });
    await answer.body.dump();
    return answer.statusCode;
  };
  for (let from = 0; from < 500; from += 50) {
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, i) => tryBad(from + i)));
    assert.ok(statuses.every((status) => status === 401));
  }
  assert.equal((await post(url, bearer(good))).status, 200);
  // Metadata and keys, once in half a minute.
  const keys = issuer.asked.slice(before).filter((path) => path === "/jwks").length;
  const halfMinutes = Math.ceil(process.uptime() / 30);
  assert.ok(keys <= halfMinutes, `${keys} in ${halfMinutes} half minutes`);
  assert.ok(issuer.asked.length - before <= 2 * halfMinutes);
});

test("mcpDoor() wants the assistant's key to be right too, where it comes besides", async (t) => {
  const started = await startSignIn(t);
  const { stack, urlOf } = started;
  const url = urlOf("sales/keyed");
  const token = await tokenOf(started, "ann", "sales/keyed");
  const call = async (key?: string) => {
    const custom = key === undefined ? {} : { "x-countersign-key": key };
    return new DustClient(url, token, {}, 180_000, custom).call("check_inbox", {});
  };
  assert.match((await call(stack.keyOf("sales/keyed"))).text, /^OK/);
  // Without it the policy decides, which wants one here.
  const without = await call();
  assert.equal(without.isError, true);
  assert.match(without.text, /^DENIED /);
  const bad = await seen(await post(url, bearer("x")));
  for (const key of [stack.keyOf("sales/bot"), "csk_wrong", "x", `Bearer ${stack.keyOf("sales/keyed")}`]) {
    const response = await post(url, { ...bearer(token), "x-countersign-key": key });
    assert.deepEqual(await seen(response), bad, key);
  }
  // The key alone opens nothing there, and at /mcp it is the policy's rule that refuses it.
  assert.equal((await post(url, { "x-countersign-key": stack.keyOf("sales/keyed") })).status, 401);
  assert.equal((await post(url, bearer(stack.keyOf("sales/keyed")))).status, 401);
  const alone = await new DustClient(stack.gateway.url, stack.keyOf("sales/keyed")).call("check_inbox", {});
  assert.match(alone.text, /^DENIED /);
  const plain = await new DustClient(stack.gateway.url, stack.keyOf("sales/plain")).call("check_inbox", {});
  assert.match(plain.text, /^OK/);
});

test("mcpDoor() holds an assistant's address to the same bounds as its other one", async (t) => {
  const started = await startSignIn(t);
  const { stack, urlOf } = started;
  const url = urlOf("sales/bot");
  const token = await tokenOf(started, "ann", "sales/bot");
  const statusOf = (named: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { ...bearer(token), "content-type": "application/json", ...named };
      const call = request(url, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on("error", reject);
      call.end(JSON.stringify(LIST));
    });
  assert.equal(await statusOf({ host: "localhost:1" }), 200);
  assert.equal(await statusOf({ host: "evil.example" }), 403);
  assert.equal(await statusOf({ origin: "https://evil.example" }), 403);
  assert.equal(await statusOf({ accept: "text/html" }), 406);
  assert.equal(await statusOf({ "content-type": "text/plain" }), 415);
  assert.equal((await post(url, bearer(token), Array(51).fill(LIST))).status, 400);
  assert.equal((await post(`${url}/`, bearer(token))).status, 200);
  const attempted = (await stack.records({ kind: "intent" })).map(({ record }) => record.data);
  assert.deepEqual(
    attempted.map((data) => [data.attempted, data.person !== undefined]),
    [
      ["POST /mcp", true],
      ["POST /mcp", true],
    ],
  );
});

test("mcpDoor() counts each person's requests by themselves", async (t) => {
  const variables = { REQUESTS_PER_MINUTE: "5" };
  const started = await startSignIn(t, {}, { variables });
  const { stack, urlOf } = started;
  const url = urlOf("sales/bot");
  const [ann, bob] = [await tokenOf(started, "ann", "sales/bot"), await tokenOf(started, "bob", "sales/bot")];
  for (let i = 0; i < 5; i++) assert.equal((await post(url, bearer(ann))).status, 200);
  const refused = await post(url, bearer(ann));
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get("retry-after")) >= 1);
  // Another token of the same person's is the same person.
  assert.equal((await post(url, bearer(await tokenOf(started, "ann", "sales/bot")))).status, 429);
  assert.equal((await post(url, bearer(bob))).status, 200);
  assert.equal((await post(`${stack.gateway.url}/mcp`, bearer(stack.keyOf("sales/bot")))).status, 200);
});

test("mcpDoor() says that nobody knows while the issuer cannot be reached", async (t) => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
  await new Promise((resolve) => gone.close(resolve));
  const { urlOf } = await startSignIn(t, {}, { variables: { OAUTH_ISSUER: issuer } });
  const url = urlOf("sales/bot");
  const token = await (await createTokenMaker({ issuer })).sign(url);
  const response = await post(url, bearer(token));
  assert.equal(response.status, 503);
  assert.ok(Number(response.headers.get("retry-after")) >= 1);
  assert.equal(response.headers.get("www-authenticate"), null);
  // What can be seen to be wrong is refused all the same.
  assert.equal((await post(url, bearer("opaque"))).status, 401);
});

test("mcpDoor() asks the issuer about opaque tokens where it is told how", async (t) => {
  const client = {
    client_id: "gateway",
    client_secret: "0123456789",
    redirect_uris: [],
    response_types: [],
    grant_types: [],
  };
  const introspecting = async (t: TestContext) => {
    // Its address is known when it runs: the gateway that is looked at is the second.
    const first = await startSignIn(t, { format: "opaque", clients: [client] });
    const variables = {
      OAUTH_ISSUER: first.issuer.url,
      OAUTH_INTROSPECTION_URL: `${first.issuer.url}/token/introspection`,
      OAUTH_INTROSPECTION_CLIENT_ID: "gateway",
      OAUTH_INTROSPECTION_CLIENT_SECRET: "0123456789",
    };
    const second = await startSignIn(t, {}, { variables });
    return { first, second: { ...second, issuer: first.issuer } };
  };
  const { first, second } = await introspecting(t);
  const unasked = await tokenOf(first, "ann", "sales/bot");
  assert.equal((await post(first.urlOf("sales/bot"), bearer(unasked))).status, 401);
  const token = await tokenOf(second, "ann", "sales/bot");
  assert.ok(!token.includes("."));
  const url = second.urlOf("sales/bot");
  const before = first.issuer.asked.length;
  for (let i = 0; i < 5; i++) assert.equal((await post(url, bearer(token))).status, 200);
  assert.match((await new DustClient(url, token).call("send_email", EMAIL)).text, /^HELD: /);
  assert.equal(first.issuer.asked.length - before, 1);
  // For another gateway; a refresh token; made up.
  second.issuer.documents.set(DUST_CLIENT, DUST_DOCUMENT);
  const { refreshToken = "" } = await (await DustSignIn.discover(url)).connect("ann");
  for (const bad of [unasked, refreshToken, "made-up"]) {
    assert.equal((await post(url, bearer(bad))).status, 401);
  }
});

test("A token goes nowhere: not to MultiMail, not into the trail", async (t) => {
  const heard: string[] = [];
  const between = async (sandboxUrl: string): Promise<string> => {
    const proxy = createServer(async (incoming, outgoing) => {
      const body = await text(incoming);
      heard.push(JSON.stringify([incoming.url, incoming.rawHeaders, body]));
      const { host: _, connection: __, "content-length": ___, ...headers } = incoming.headers;
      const response = await fetch(sandboxUrl + incoming.url, {
        method: incoming.method ?? "GET",
        headers: headers as Record<string, string>,
        ...(body !== "" && { body }),
      });
      outgoing.statusCode = response.status;
      outgoing.setHeader("content-type", response.headers.get("content-type") ?? "application/json");
      outgoing.end(await response.text());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  };
  const started = await startSignIn(t, {}, { between });
  const { stack, urlOf } = started;
  const token = await tokenOf(started, "ann", "sales/bot");
  const client = new DustClient(urlOf("sales/bot"), token);
  assert.match((await client.call("send_email", EMAIL)).text, /^HELD: /);
  await post(urlOf("sales/bot"), bearer(token), [
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: [] },
  ]);
  assert.ok(heard.some((said) => said.includes(EMAIL.subject)));
  const files = await readdir(stack.dataDir, { recursive: true, withFileTypes: true });
  const kept = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "latin1")),
  );
  assert.ok(kept.some((content) => content.includes(EMAIL.subject)));
  // In the file records are coded: there a part of a token would not be found.
  for (const { json } of await stack.records()) kept.push(json);
  for (const part of token.split(".").slice(1)) {
    for (const content of [...heard, ...kept]) assert.ok(!content.includes(part));
  }
});

test("A team with keys only is answered as before where people of others sign in", async (t) => {
  const { stack, url } = await startDust(t);
  const port = await startStack(t, salesTeams(), {}, { variables: { OAUTH_ISSUER: "http://127.0.0.1:1" } });
  const asks: readonly ((base: string, keyOf: (assistant: string) => string) => Promise<Response>)[] = [
    (base) => post(`${base}/mcp`),
    (base) => post(`${base}/mcp`, bearer("csk_wrong")),
    (base) => post(`${base}/mcp`, bearer("eyJhbGciOiJub25lIn0.e30.")),
    (base, keyOf) => post(`${base}/mcp`, bearer(keyOf("sales/bot"))),
    (base) => post(`${base}/mcp/sales/bot`),
    (base) => fetch(`${base}/mcp`),
    (base) => fetch(`${base}/.well-known/oauth-protected-resource`),
    (base) => fetch(`${base}/.well-known/oauth-protected-resource/mcp`),
    (base) => fetch(`${base}/.well-known/oauth-protected-resource/mcp/sales/bot`),
    (base) => fetch(`${base}/.well-known/oauth-authorization-server`),
    (base) => fetch(`${base}/.well-known/openid-configuration`),
    (base) => post(`${base}/register`),
  ];
  for (const ask of asks) {
    assert.deepEqual(
      await seen(await ask(port.gateway.url, port.keyOf)),
      await seen(await ask(url, stack.keyOf)),
    );
  }
});
