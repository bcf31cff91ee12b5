import type { z } from "zod";

/**
 * A request without the optional fields that say nothing: models, and clients in some languages, write `""`, `null` or
 * `[""]` for what they leave out. `schema` tells which are optional; what is needed stays, and is refused by its name.
 */
export function withoutBlanks(request: unknown, { shape }: z.ZodObject): unknown {
  if (typeof request !== "object" || request === null || Array.isArray(request)) return request;
  const fields = Object.entries(request);
  const isLeftOut = ([name, value]: readonly [string, unknown]) =>
    isBlank(value) && Object.hasOwn(shape, name) && shape[name]?.safeParse(undefined).success === true;
  return fields.some(isLeftOut) ? Object.fromEntries(fields.filter((field) => !isLeftOut(field))) : request;
}

function isBlank(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 1 && value[0] === "");
}
