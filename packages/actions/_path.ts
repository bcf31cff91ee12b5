/** Builds a path whose parts are encoded. Throws a `TypeError` for a part that a proxy would resolve to another route. */
export function path(literals: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw({ raw: literals }, ...parts.map(encode));
}

function encode(part: string): string {
  if (part === "" || part === "." || part === ".." || /\p{Surrogate}/u.test(part)) {
    throw new TypeError(`Cannot ask Countersign: ${JSON.stringify(part)} is no id`);
  }
  return encodeURIComponent(part);
}
