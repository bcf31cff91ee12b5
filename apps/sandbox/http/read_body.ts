import type { Context } from "hono";
import type * as z from "zod";
import { ApiError } from "./api_error.ts";
import { parseInput } from "./parse_input.ts";

/** Reads a JSON body; an empty one counts as `{}`. Fields that the schema does not know are ignored. Throws a 400. */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const text = await c.req.text().catch(() => {
    throw new ApiError(400, "Request body was cut off");
  });
  let body: unknown = {};
  if (text !== "") {
    try {
      body = JSON.parse(text);
    } catch {
      throw new ApiError(400, "Request body must be valid JSON");
    }
  }
  return parseInput(schema, body);
}
