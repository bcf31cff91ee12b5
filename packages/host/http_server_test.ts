import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { HttpServer, type RequestListener } from "./http_server.ts";

async function start(t: TestContext, listener: RequestListener) {
  const server = new HttpServer(listener);
  const { port } = new URL(await server.listen({ host: "127.0.0.1", port: 0 }));
  t.after(() => server.close());
  const open = () => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => undefined);
    return socket;
  };
  return { server, port, open };
}

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

test("HttpServer ends idle connections at once, also those that never asked", async (t) => {
  const { server, open } = await start(t, (_, response) => void response.end("ok"));
  const [silent, kept, slow] = [open(), open(), open()];
  kept.write(GET);
  const [answer] = await once(kept, "data");
  assert.match(String(answer), /Connection: keep-alive/);
  slow.write("GET / HTTP/1.1\r\nHo");
  await Promise.all(
    [silent, slow].map((socket) => (socket.connecting ? once(socket, "connect") : undefined)),
  );
  kept.write(GET);
  await once(kept, "data");
  await Promise.all([
    server.close(),
    ...[silent, kept, slow].map((socket) => once(socket.resume(), "close")),
  ]);
});

test("HttpServer answers what is under way with Connection: close, whatever the answer says", async (t) => {
  const waiting: ServerResponse[] = [];
  const { server, open } = await start(t, (_, response) => void waiting.push(response));
  const sockets = [open(), open()];
  for (const socket of sockets) socket.write(GET);
  const answers = sockets.map((socket) => text(socket));
  while (waiting.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const closed = server.close();
  for (const response of waiting) response.end("ok");
  for (const answer of await Promise.all(answers)) assert.match(answer, /Connection: close[\s\S]*ok$/);
  await closed;
});

test("HttpServer ends a connection after an answer that had begun before it closed", async (t) => {
  const waiting: ServerResponse[] = [];
  const { server, port } = await start(t, (_, response) => {
    response.write("be");
    waiting.push(response);
  });
  const agent = new Agent({ keepAlive: true });
  const response = await new Promise<IncomingMessage>((resolve) =>
    get({ port, host: "127.0.0.1", agent }, resolve),
  );
  const closed = server.close();
  waiting[0]?.end("gun");
  assert.equal(await text(response), "begun");
  await closed;
  agent.destroy();
});

test("HttpServer does not wait for bodies that do not arrive", async (t) => {
  let begin: (() => void) | undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const { server, open } = await start(t, () => begin?.());
  const socket = open();
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
  await begun;
  await Promise.all([server.close(), once(socket.resume(), "close")]);
});
