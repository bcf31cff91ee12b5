import { MultiMailError } from "../multimail_error.ts";

const MAX_LENGTH = 1000;

/**
 * Builds a path whose parts are encoded: path`/v1/mailboxes/${id}/send`.
 * Refuses parts that a proxy would resolve to another route. Throws {@linkcode MultiMailError} `rejected`.
 */
export function path(literals: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw({ raw: literals }, ...parts.map(encode));
}

function encode(part: string): string {
  if (part === "" || part === "." || part === ".." || part.length > MAX_LENGTH || !part.isWellFormed()) {
    throw new MultiMailError(`Cannot ask MultiMail: ${JSON.stringify(part.slice(0, 50))} is no id`, {
      code: "rejected",
      outcome: "not_accepted",
    });
  }
  return encodeURIComponent(part);
}
