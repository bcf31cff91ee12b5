import type * as z from "zod";
import { ApiError } from "./api_error.ts";

/** Checks what a caller sent, and names the first field that is wrong in a 400. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") || "request";
  throw new ApiError(400, `${field}: ${issue?.message ?? "Invalid input"}`);
}
