import * as z from "zod";

/** Reads an allowlist pattern: an address, or `*@` and a domain. */
export const ALLOWLIST_PATTERN: z.ZodType<string> = z
  .string()
  .max(254)
  .refine(
    (pattern) => z.email().safeParse(pattern.replace(/^\*@/, "any@")).success,
    "must be an address or *@domain",
  );
