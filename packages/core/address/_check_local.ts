import type { Refusal } from "./_refusals.ts";

/** What is wrong with the part before the `@`, if anything: it must be a dot-atom (RFC 5322, 3.2.3) that no relay reinterprets. */
export function checkLocal(local: string): Refusal | undefined {
  if (local === "") return "local_empty";
  if (/[^ -~]/.test(local)) return "local_not_ascii";
  if (local.includes("=?")) return "encoded_word";
  if (/[%!]/.test(local)) return "route_character";
  if (local.includes("*")) return "wildcard";
  if (!/^[\w.#$&'+/=?^`{|}~-]+$/.test(local)) return "local_character";
  if (/^\.|\.\.|\.$/.test(local)) return "local_dots";
  return local.length > 64 ? "local_too_long" : undefined;
}
