import { type AddressPattern, formatPattern } from "../address/mod.ts";
import type { Located } from "../policy/mod.ts";

/** Longer lists are for the policy's file: nobody keeps them in mind. */
const MAX_NAMED = 6;

/** `a, b and c`; what goes beyond a few is counted only. */
export function list(words: readonly string[], conjunction: "and" | "or" = "and"): string {
  const rest = words.length - MAX_NAMED;
  const shown = rest > 0 ? [...words.slice(0, MAX_NAMED), `${rest} more`] : words;
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** Patterns as policies write them: `*@client.example or billing@partner.example`. */
export function listPatterns(
  patterns: readonly Located<AddressPattern>[],
  conjunction?: "and" | "or",
): string {
  return list([...new Set(patterns.map(({ value }) => formatPattern(value)))], conjunction);
}
