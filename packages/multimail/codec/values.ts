import { z } from "zod";

type Maybe<T> = T | undefined;

/** Optional text; `null`, absence and any other kind are `undefined`. */
export const TEXT: z.ZodType<Maybe<string>> = z.string().optional().catch(undefined);

/** Text that is empty when MultiMail does not say. */
export const WORDS: z.ZodType<string> = TEXT.transform((text) => text ?? "");

/** What asks for a list's next page. An empty one is the first page again: whoever follows it never ends. */
export const CURSOR: z.ZodType<Maybe<string>> = TEXT.transform((text) => text || undefined);

/** An optional whole or broken number; anything else is `undefined`. */
export const NUMBER: z.ZodType<Maybe<number>> = z.number().optional().catch(undefined);

/** An optional truth, which MultiMail writes as a boolean or as 0 and 1. */
export const FLAG: z.ZodType<Maybe<boolean>> = z
  .union([z.boolean(), z.literal([0, 1]).transform(Boolean)])
  .optional()
  .catch(undefined);

/** An optional moment as ISO 8601 in UTC; MultiMail writes ISO for email and epoch milliseconds for mailboxes. */
export const INSTANT: z.ZodType<Maybe<string>> = z
  .union([z.string(), z.number()])
  .transform(convertInstant)
  .optional()
  .catch(undefined);

/** Text that `null` clears; absence means that MultiMail did not say. */
export const CLEARABLE: z.ZodType<Maybe<string | null>> = z
  .string()
  .nullish()
  .transform((text) => (text === "" ? null : text));

/** Texts; MultiMail must say them. */
export const TEXTS: z.ZodType<readonly string[]> = z.array(z.string());

/** What MultiMail calls a thing (a ULID); opaque. */
export const ID: z.ZodType<string> = z.string().min(1).max(200);

/** Addresses; one alone may come without its array. Never guessed at: policies depend on them. */
export const ADDRESSES: z.ZodType<readonly string[]> = z
  .union([z.array(z.string()), z.string().transform((address) => [address])])
  .nullish()
  .transform((addresses) => addresses ?? []);

function convertInstant(value: string | number): Maybe<string> {
  // A time without a zone is UTC; Date would read it as local time.
  const zoned = typeof value === "string" && /T[\d:.]+$/.test(value) ? `${value}Z` : value;
  const date = new Date(zoned);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
