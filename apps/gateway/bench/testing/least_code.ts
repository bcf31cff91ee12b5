import { createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import Database from "better-sqlite3";
import { Pool } from "undici";
import { MAILBOX } from "./bench_teams.ts";

// The same guarantees by the least code: the key and the JSON are checked; the intent is durable before MultiMail is called,
// the outcome before the answer; a second later the email is read back, what became of it is recorded, and it is tagged.
// The same rows as the gateway's, sealed and hashed like them, in one SQLite with synchronous = FULL, by prepared statements
// and one commit for all that wait. No policy, no limits, nothing that goes wrong. What the gateway takes longer is what its
// structure costs; what this takes longer than a pass-through is what honesty costs.
//
// KEY_HASH: of the one key, in hexadecimal. UPSTREAM. DATABASE: a file, with the trail's tables made. CALLS: which calls an
// email causes besides sending and reading it. Prints its address.

const { KEY_HASH = "", UPSTREAM = "", DATABASE = "", CALLS = "" } = process.env;
const MAX_BODY = 3 * 1024 * 1024;
const FIELDS = ["to", "subject", "body"];
const POLICY = createHash("sha256").update("no policy").digest("hex");
const LOOK_AFTER_MS = 1_000;
const LOOKS_AT_ONCE = 8;

const keyHash = Buffer.from(KEY_HASH, "hex");
const calls = CALLS.split(",");
const upstream = new Pool(UPSTREAM, { connections: 64 });
const db = new Database(DATABASE);
for (const pragma of ["journal_mode = wal", "synchronous = full", "secure_delete = on"]) db.pragma(pragma);
db.pragma("wal_autocheckpoint = 8000");
db.pragma("cache_size = -64000");
const insert = (table: string, columns: string) =>
  db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.replaceAll(/\w+/g, "?")})`);
const insertRecord = insert("records", "seq, at, kind, team, assistant, policy, receipt, json, leaf");
/** Numbers of what many records say. */
const insertName = insert("names", "id, name");
const NAMES = ["intent", "outcome", "readback", "lifecycle", "bench", "bot", POLICY];
const idOf = new Map(NAMES.map((name, index) => [name, index + 1]));
for (const [name, id] of idOf) insertName.run(id, name);
const insertSealed = insert("sealed", "id, commitment, salt, kind, value");
const insertRecipient = insert("recipients", "seq, base");
const insertNode = insert("nodes", "level, idx, hash");
const insertClaim = insert("claims", "key, fingerprint, receipt, expires_at");
const insertReservation = insert("reservations", "counter, at, receipt, keep_until");
const open = insert("open_intents", "receipt, seq");
const settle = db.prepare("DELETE FROM open_intents WHERE receipt = ?");
const watch = insert("watched_emails", "receipt, seq");
const unwatch = db.prepare("DELETE FROM watched_emails WHERE receipt = ?");
const updateHead = db.prepare("UPDATE head SET size = ?, root = ?, frontier = ?");

interface Sealed {
  readonly kind: string;
  readonly value: string;
  readonly salt: Buffer;
  readonly commitment: string;
}

/** A record, and what else is written with it once its number is known. */
interface Entry {
  readonly kind: string;
  readonly receipt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sealed?: readonly Sealed[];
  readonly derive: (seq: number) => void;
}

let size = 0;
let frontier: Buffer[] = [];
let queue: { readonly entries: readonly Entry[]; readonly done: () => void }[] = [];

/** Resolves when the entries are on disk, with those of all who waited. */
function append(...entries: readonly Entry[]): Promise<void> {
  return new Promise((done) => {
    if (queue.push({ entries, done }) === 1) setImmediate(flush);
  });
}

function flush(): void {
  const batch = queue;
  queue = [];
  commit.immediate(batch.flatMap(({ entries }) => entries));
  for (const { done } of batch) done();
}

const commit = db.transaction((entries: readonly Entry[]) => {
  const now = Date.now();
  const at = new Date(now).toISOString();
  const frame = ["bench", "bot", POLICY].map((name) => idOf.get(name));
  for (const { kind, receipt, data, sealed = [], derive } of entries) {
    const seq = size;
    const json = JSON.stringify({
      ...{ assistant: "bot", at, data, kind, policy: POLICY, receipt, seq, team: "bench" },
    });
    const leaf = sha256("\0", json);
    insertRecord.run(seq, now, idOf.get(kind), ...frame, receipt, json, leaf);
    grow(leaf);
    for (const [place, { commitment, salt, kind, value }] of sealed.entries()) {
      insertSealed.run(seq * 65_536 + place, Buffer.from(commitment, "hex"), salt, kind, value);
    }
    derive(seq);
  }
  const root = frontier.reduceRight((right, left) => sha256("\u0001", left, right));
  updateHead.run(size, root, Buffer.concat(frontier));
});

/** RFC 6962: adds a leaf, and keeps the roots of every 256. */
function grow(leaf: Buffer): void {
  let [hash, index] = [leaf, size++];
  for (let level = 1; index % 2 === 1; level++) {
    hash = sha256("\u0001", frontier.pop() ?? hash, hash);
    index = (index - 1) / 2;
    if (level % 8 === 0) insertNode.run(level, index, hash);
  }
  frontier = [...frontier, hash];
}

async function send(to: string, subject: string, body: string): Promise<Record<string, unknown>> {
  const receipt = `rcp_${randomUUID().replaceAll("-", "").slice(6)}`;
  const call = randomUUID();
  const now = Date.now();
  const sealed = [seal("address", to), seal("subject", subject), seal("body", body)];
  const [address, subjectSealed, bodySealed] = sealed.map(({ commitment }) => commitment);
  const fingerprint = sha256("bench", "bot", "send", to, subject, body).toString("hex");
  const recipients = [{ address, domain: to.slice(to.indexOf("@") + 1), field: "to" }];
  await append({
    kind: "intent",
    receipt,
    sealed,
    data: {
      ...{ about: null, action: "send", attachments: [], attempted: null, body: bodySealed },
      ...{ body_bytes: Buffer.byteLength(body), call, caller_key: null, door: "rest", effect: "allow" },
      ...{ findings: [], held: false, idempotency_key: receipt, mailbox: MAILBOX.id, recipients },
      ...{ send_at: null, subject: subjectSealed },
    },
    derive: (seq) => {
      insertRecipient.run(seq, to);
      // Fails when another email has claimed the same.
      insertClaim.run(`content:${fingerprint}`, fingerprint, receipt, now + 600_000);
      open.run(receipt, seq);
    },
  });
  const email = { to: [to], subject, markdown: body, idempotency_key: receipt };
  const accepted = await ask("POST", "send", email);
  const { id, status, thread_id } = accepted as Record<string, string>;
  await append({
    kind: "outcome",
    receipt,
    data: {
      ...{ code: null, email: id, learnt_by: "answer", message: null, multimail_status: status },
      ...{ multimail_text: null, outside: null, result: "accepted", thread: thread_id },
    },
    derive: (seq) => {
      settle.run(receipt);
      watch.run(receipt, seq);
    },
  });
  looks.push({ id: id ?? "", receipt, to, subject, body, due: now + LOOK_AFTER_MS });
  const message = "Accepted for delivery; no approval is needed";
  return {
    status: "queued",
    ...{ id, receipt, thread_id, multimail_status: status, message, request_id: call },
  };
}

/** An email that is to be read back. */
interface Look {
  readonly id: string;
  readonly receipt: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly due: number;
}

const looks: Look[] = [];
for (let n = 0; n < LOOKS_AT_ONCE; n++) void lookAgainAndAgain();

async function lookAgainAndAgain(): Promise<void> {
  for (;;) {
    const next = looks[0];
    if (next !== undefined && next.due <= Date.now()) {
      looks.shift();
      await look(next);
    } else await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function look({ id, receipt, to, subject, body }: Look): Promise<void> {
  const shown = await ask("GET", `emails/${id}`);
  const match = String(shown.to) === to && shown.subject === subject && shown.markdown === body;
  if (!match) throw new Error("MultiMail shows another email");
  const once = (what: string, last: boolean) => () => {
    const now = Date.now();
    insertReservation.run(`once:${what} of ${receipt}`, now, receipt, now + 86_400_000);
    if (last) unwatch.run(receipt);
  };
  const lifecycle = (event: string, final: boolean): Entry => ({
    kind: "lifecycle",
    receipt,
    data: {
      ...{
        bounce_type: null,
        by: null,
        email: id,
        event,
        final,
        happened_at: final ? shown.delivered_at : null,
      },
      ...{ learnt_by: "polling", multimail_status: shown.status, reason: null },
    },
    derive: once(event, final),
  });
  await append(
    {
      kind: "readback",
      receipt,
      data: { differences: [], email: id, mailbox: MAILBOX.id, match, phase: "left", unchecked: [] },
      derive: once("left readback", false),
    },
    lifecycle("sent", false),
    lifecycle("delivered", true),
  );
  const tags = calls.includes("GET tags") ? (await ask("GET", `emails/${id}/tags`)).tags : shown.tags;
  if (!calls.includes("PUT tags")) return;
  await ask("PUT", `emails/${id}/tags`, {
    tags: { ...Object(tags), team: "bench", assistant: "bot", receipt },
  });
}

async function ask(
  method: "GET" | "POST" | "PUT",
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const answer = await upstream.request({
    method,
    path: `/v1/mailboxes/${MAILBOX.id}/${path}`,
    headers: { authorization: "Bearer mm_test_bench", "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (answer.statusCode > 299) throw new Error(`MultiMail answered ${answer.statusCode}`);
  return (await answer.body.json()) as Record<string, unknown>;
}

function seal(kind: string, value: string): Sealed {
  const salt = randomBytes(32);
  return {
    kind,
    value,
    salt,
    commitment: createHmac("sha256", salt).update(`${kind}\0${value}`).digest("hex"),
  };
}

function sha256(...parts: readonly (string | Buffer)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const server = createServer(async (request, response) => {
  const [status, answer] = await serve(request);
  const body = JSON.stringify(answer);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
});

async function serve(request: IncomingMessage): Promise<readonly [status: number, answer: unknown]> {
  const { headers, method, url } = request;
  const key = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
  if (!timingSafeEqual(sha256(key), keyHash)) return [401, { error: "Unknown key" }];
  if (method !== "POST" || url !== "/v1/send") return [404, { error: "Not found" }];
  if (headers["content-type"] !== "application/json") return [415, { error: "Send JSON" }];
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > MAX_BODY) return [413, { error: "Too large" }];
    chunks.push(chunk as Buffer);
  }
  let email: Record<string, unknown>;
  try {
    email = JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return [400, { error: "No JSON" }];
  }
  const { to, subject, body } = email;
  const isEmail =
    Object.keys(email).every((name) => FIELDS.includes(name)) &&
    typeof to === "string" &&
    /^[^\s@]+@[^\s@]+$/.test(to) &&
    typeof subject === "string" &&
    typeof body === "string";
  return isEmail ? [202, await send(to, subject, body)] : [400, { error: "No email" }];
}

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
