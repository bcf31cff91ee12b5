import { deserialize } from "node:v8";
import { parentPort } from "node:worker_threads";
import type { Order } from "./_order.ts";
import { OwnWriter } from "./_writer.ts";
import { openDatabase } from "./open_database.ts";

/** What a thread is told to do. It answers calls one by one, in their order. */
export type WriteCall =
  | readonly [name: "open", path: string, busyTimeoutMs: number]
  /** The orders as V8 serializes them. */
  | readonly [name: "append", orders: Uint8Array]
  | readonly [name: "replaceNote", seq: number, note: string]
  | readonly [name: "emptyLog" | "close"];

/** What became of a call. An error crosses by itself, but without its code. */
export type WriteAnswer =
  | { readonly value: unknown }
  | { readonly message: string; readonly code: string | undefined };

// The body of the thread. It serves one trail at a time, and the next when that one was closed.
let writer: OwnWriter | undefined;

function serve(call: WriteCall): unknown {
  if (call[0] === "open") {
    const [, path, busyTimeoutMs] = call;
    writer = new OwnWriter(openDatabase(path, { readonly: false, busyTimeoutMs }));
    return undefined;
  }
  if (writer === undefined) throw new Error("the trail is not open");
  switch (call[0]) {
    case "append":
      return writer.append(deserialize(call[1]) as readonly Order[]);
    case "replaceNote":
      return writer.replaceNote(call[1], call[2]);
    case "emptyLog":
      return writer.emptyLog();
    case "close":
      writer.close();
      writer = undefined;
      return undefined;
  }
}

function answerTo(call: WriteCall): WriteAnswer {
  try {
    return { value: serve(call) };
  } catch (error) {
    if (!(error instanceof Error)) return { message: String(error), code: undefined };
    return { message: error.message, code: "code" in error ? String(error.code) : undefined };
  }
}

parentPort?.on("message", (call: WriteCall) => parentPort?.postMessage(answerTo(call)));
