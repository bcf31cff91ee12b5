import type { Context } from "hono";
import type * as z from "zod";
import { ApiError } from "./api_error.ts";

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

/** Checks what a caller sent, and names the first field that is wrong in a 400. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") || "request";
  throw new ApiError(400, `${field}: ${issue?.message ?? "Invalid input"}`);
}
