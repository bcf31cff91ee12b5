import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import {
  formatSignature,
  openNote,
  parseCheckpoint,
  type TreeHead,
  type VerifierKey,
  verifyConsistency,
  type Witness,
} from "../mod.ts";
import { type Cosigner, createCosigner } from "./cosigner.ts";

/** A server that is a witness as https://c2sp.org/tlog-witness wants it, and a place for checkpoints under `/in`. */
export interface TestWitness extends Witness {
  /** What it was asked, the old sizes in order. */
  readonly asked: readonly number[];
  /** What was posted to `/in`. */
  readonly received: readonly string[];
  /** Size of the tree that it cosigned last. */
  readonly size: number;
  /** Answers so from now on, whatever is asked; undefined: as it should. */
  answer:
    | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
    | undefined;
  /** Ends it before the test does. */
  close(): Promise<void>;
}

/** Starts a witness for one test, which trusts these keys of one log. */
export async function startWitness(
  t: TestContext,
  trusted: () => readonly VerifierKey[],
): Promise<TestWitness> {
  const cosigner = createCosigner("witness.example/w1");
  const asked: number[] = [];
  const received: string[] = [];
  let last: TreeHead = { size: 0, root: Buffer.of() };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { answer } = witness;
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body);
    else if (request.url?.startsWith("/in")) {
      received.push(body);
      response.writeHead(204).end();
    } else if (request.url !== "/add-checkpoint" || request.method !== "POST") response.writeHead(404).end();
    else {
      const { status, type = "text/plain", reply = "" } = judge(body, cosigner);
      response.writeHead(status, { "Content-Type": type }).end(reply);
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const close = async () => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeAllConnections();
    await closed;
  };
  t.after(close);
  const judge = (body: string, { sign }: Cosigner): { status: number; type?: string; reply?: string } => {
    const split = body.indexOf("\n\n");
    const [first = "", ...proof] = body.slice(0, split).split("\n");
    const note = body.slice(split + 2);
    const checkpoint = parseCheckpoint(note);
    const old = Number(/^old (0|[1-9]\d*)$/.exec(first)?.[1]);
    asked.push(old);
    if (openNote(checkpoint.note, trusted()).signedBy.length === 0) return { status: 403 };
    if (!(old <= checkpoint.size) || proof.length > 63) return { status: 400 };
    if (old !== last.size) return { status: 409, type: "text/x.tlog.size", reply: `${last.size}\n` };
    const hashes = proof.map((line) => Buffer.from(line, "base64"));
    const claim = { oldSize: old, oldRoot: last.root, newSize: checkpoint.size, newRoot: checkpoint.root };
    if (old > 0 && !verifyConsistency(claim, hashes)) return { status: 422 };
    last = checkpoint;
    return { status: 200, reply: formatSignature(sign(checkpoint.note.text)) };
  };
  const witness: TestWitness = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: cosigner.key,
    asked,
    received,
    get size() {
      return last.size;
    },
    answer: undefined,
    close,
  };
  return witness;
}
