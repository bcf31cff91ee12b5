import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { type TestContext, test } from "node:test";
import { getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { MultiMailClient } from "../multimail_client.ts";
import { startFakeServer } from "../testing/fake_server.ts";
import { outboundAgent, useProxies } from "./outbound_agent.ts";

interface Proxy {
  readonly url: string;
  /** What it was asked to reach. */
  readonly asked: string[];
}

/** A proxy that leads wherever it is asked to go to `port` on this machine. */
async function startProxy(t: TestContext, port: number): Promise<Proxy> {
  const asked: string[] = [];
  const server = createServer().on("connect", (request, client) => {
    asked.push(`${request.url} ${request.headers["proxy-authorization"] ?? ""}`.trim());
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    upstream.on("error", () => client.destroy());
    client.on("error", () => upstream.destroy());
    t.after(() => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return { url: `http://user:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const ACCOUNT = [200, { id: "acc" }] as const;
const portOf = (url: string) => Number(new URL(url).port);

test("outboundAgent() goes through the proxy that the environment names, and MultiMail gets the key", async (t) => {
  const multimail = await startFakeServer(t, ACCOUNT);
  const proxy = await startProxy(t, portOf(multimail.baseUrl));
  for (const name of ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY"]) {
    const http = name === "HTTP_PROXY" ? {} : { HTTP_PROXY: proxy.url };
    const dispatcher = outboundAgent({ ...http, [name]: proxy.url });
    const client = new MultiMailClient({ baseUrl: "http://multimail.example", apiKey: "mm_x", dispatcher });
    assert.equal((await client.getAccount()).id, "acc");
    await dispatcher.destroy();
  }
  assert.deepEqual(new Set(proxy.asked), new Set(["multimail.example:80 Basic dXNlcjpodW50ZXIy"]));
  assert.equal(multimail.requests[0]?.headers.authorization, "Bearer mm_x");
});

test("outboundAgent() reaches this machine and the hosts of NO_PROXY without the proxy", async (t) => {
  const multimail = await startFakeServer(t, ACCOUNT);
  const proxy = await startProxy(t, portOf(multimail.baseUrl));
  const port = portOf(multimail.baseUrl);
  for (const host of ["127.0.0.1", "localhost", "internal.localhost"]) {
    const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: "internal.localhost" };
    const dispatcher = outboundAgent(env);
    const client = new MultiMailClient({ baseUrl: `http://${host}:${port}`, apiKey: "mm_x", dispatcher });
    // A name that this machine does not know fails, and is not handed to the proxy.
    await client.getAccount().catch(() => undefined);
    await dispatcher.destroy();
  }
  assert.deepEqual(proxy.asked, []);
  assert.ok(multimail.requests.length >= 1);
});

test("outboundAgent() refuses a proxy that is no address by the variable's name, without its value", () => {
  for (const text of ["proxy.acme.example:3128", "hunter2", "socks5://x:hunter2@y", '"http://hunter2"']) {
    assert.throws(
      () => outboundAgent({ HTTPS_PROXY: text }),
      (error: Error) =>
        /^HTTPS_PROXY must be an address/.test(error.message) && !error.message.includes("hunter2"),
    );
  }
});

test("a request that the proxy refuses was certainly not accepted", async (t) => {
  const server = createServer().on("connect", (_, client) => client.end("HTTP/1.1 403 Forbidden\r\n\r\n"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const dispatcher = outboundAgent({
    HTTP_PROXY: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  const client = new MultiMailClient({ baseUrl: "http://multimail.example", apiKey: "mm_x", dispatcher });
  await assert.rejects(client.getAccount(), { code: "unavailable", outcome: "not_accepted" });
  await dispatcher.destroy();
});

test("useProxies() lets fetch go through the proxy", async (t) => {
  const witness = await startFakeServer(t, ACCOUNT);
  const proxy = await startProxy(t, portOf(witness.baseUrl));
  const before = getGlobalDispatcher();
  useProxies({ HTTP_PROXY: proxy.url });
  const during = getGlobalDispatcher();
  t.after(async () => {
    setGlobalDispatcher(before);
    await during.destroy();
  });
  const response = await fetch("http://witness.example/add-checkpoint", { method: "POST", body: "text" });
  assert.deepEqual(await response.json(), { id: "acc" });
  assert.equal(witness.requests[0]?.body, "text");
  assert.equal(proxy.asked.length, 1);
});
