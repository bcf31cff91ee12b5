import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { MAILBOX } from "./bench_teams.ts";

// MultiMail as cheap as it can be: what an email causes is answered at once from memory, and every email has been delivered
// when it is first asked about. `GET /stub` counts the calls; `POST /stub {url, secret}` has every email told by webhooks
// from then on, and `{delayMs}` makes every answer so late. With `STUB_TEAMS` it has the mailboxes of so many teams of
// `manyTeams` besides. Prints its address.

/** No run sends as many between an email and the last question about it. */
const MAX_KEPT = 200_000;

const SEND = `/v1/mailboxes/${MAILBOX.id}/send`;
const EMAILS = `/v1/mailboxes/${MAILBOX.id}/emails/`;
const MAILBOXES = [
  { ...MAILBOX, oversight_mode: "monitored" },
  ...Array.from({ length: Number(process.env.STUB_TEAMS ?? 0) }, (_, n) => ({
    id: `mbx-${n}`,
    address: `team-${n}@acme.multimail.dev`,
    oversight_mode: "gated_send",
  })),
].map((mailbox) => ({ ...mailbox, is_active: 1 }));
const OTHERS: Readonly<Record<string, readonly [status: number, body: string]>> = {
  "/v1/account": [200, JSON.stringify({ id: "acc-bench", name: "Bench", is_active: true })],
  "/v1/mailboxes": [200, JSON.stringify({ mailboxes: MAILBOXES })],
  "/v1/api-keys": [403, JSON.stringify({ error: "Needs the scope admin" })],
  "/v1/oversight/pending": [403, JSON.stringify({ error: "Needs the scope oversight" })],
};

const ALLOWLIST = /^\/v1\/mailboxes\/([^/]+)\/allowlist$/;

const emails = new Map<string, { readonly body: string; readonly at: string }>();
const calls: Record<string, number> = {};
let sent = 0;
let delayMs = 0;
let webhook: { readonly path: string; readonly secret: string; readonly pool: Pool } | undefined;

const server = createServer(async (request, response) => {
  const { method = "", url = "" } = request;
  const body = method === "GET" ? "" : await textOf(request);
  const [status, answer] = url === "/stub" ? control(method, body) : multimail(method, url, body);
  if (delayMs > 0 && url !== "/stub") await sleep(delayMs);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(answer),
  });
  response.end(answer);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

function multimail(method: string, url: string, body: string): readonly [status: number, body: string] {
  if (url === SEND) {
    count("send");
    const id = `em${String(sent++).padStart(24, "0")}`;
    emails.set(id, { body, at: new Date().toISOString() });
    if (emails.size > MAX_KEPT) emails.delete(emails.keys().next().value ?? "");
    if (webhook !== undefined) void tell(id);
    return [202, `{"id":"${id}","status":"pending_scan","thread_id":"th${id}"}`];
  }
  if (url.startsWith(EMAILS)) {
    const [id = "", part] = url.slice(EMAILS.length).split("/");
    if (part === "tags") {
      count(`${method} tags`);
      return [200, method === "GET" ? '{"tags":{}}' : body];
    }
    count("read");
    const email = emails.get(id);
    return email === undefined ? [404, '{"error":"Email not found"}'] : [200, written(id, email)];
  }
  count("other");
  const [, id] = ALLOWLIST.exec(url) ?? [];
  if (id !== undefined) return [200, JSON.stringify({ entries: [], mailbox_id: id, count: 0 })];
  return OTHERS[url] ?? [404, '{"error":"Not found"}'];
}

function written(id: string, { body, at }: { readonly body: string; readonly at: string }): string {
  const { to, cc = [], subject, markdown } = JSON.parse(body) as Record<string, unknown>;
  const times = { received_at: at, delivered_at: at };
  return JSON.stringify({
    ...{ id, from: MAILBOX.address, to, cc, subject, markdown, status: "delivered", ...times },
    ...{ thread_id: `th${id}`, has_attachments: false, attachments: [], tags: {} },
  });
}

function control(method: string, body: string): readonly [status: number, body: string] {
  if (method === "POST") {
    const { url = "", secret = "", ...others } = JSON.parse(body) as Record<string, string>;
    delayMs = Number(others.delayMs ?? 0);
    const { origin, pathname } = new URL(url || "http://127.0.0.1");
    webhook = url === "" ? undefined : { path: pathname, secret, pool: new Pool(origin, { connections: 8 }) };
  }
  return [200, JSON.stringify(calls)];
}

/** Tells what MultiMail tells of an email that left. */
async function tell(id: string): Promise<void> {
  for (const event of ["message.sent", "message.delivered"]) {
    await sleep(20);
    if (webhook === undefined) return;
    const { pool, path, secret } = webhook;
    const data = { email_id: id, from: MAILBOX.address, direction: "outbound", has_attachments: false };
    const body = JSON.stringify({ event, timestamp: new Date().toISOString(), data });
    const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
    const headers = { "content-type": "application/json", "x-multimail-signature": signature };
    const answer = await pool.request({ method: "POST", path, headers, body }).catch(() => undefined);
    await answer?.body.dump();
    count(answer?.statusCode === 202 ? "webhook" : "webhook refused");
  }
}

function count(call: string): void {
  calls[call] = (calls[call] ?? 0) + 1;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
