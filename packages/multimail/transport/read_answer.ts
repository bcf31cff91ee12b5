import { z } from "zod";
import { decodeJson } from "../codec/decode_json.ts";
import type { Answer } from "./_exchange.ts";

/** Reads a JSON answer with `convert`. Throws a `SyntaxError` or a `ZodError` when it cannot. */
export function readJson<T>(convert: (wire: unknown) => T): (answer: Answer) => T {
  return ({ body }) => convert(decodeJson(body));
}

/** Reads an answer of which only the success matters; it may be empty, but is never a proxy's page. */
export function readAcknowledgement(answer: Answer): void {
  if (answer.body.length > 0) readJson((wire) => z.looseObject({}).parse(wire))(answer);
}

/** Reads the answer to what an operator confirms: 202 when a code was mailed, else it is done. */
export function readConfirmed(answer: Answer): { codeMailed: boolean } {
  readAcknowledgement(answer);
  return { codeMailed: answer.status === 202 };
}
