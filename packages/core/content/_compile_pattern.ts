import { RE2JS } from "re2js";

/** More patterns than all teams of one gateway have; compiling again costs little. */
const MAX_PATTERNS = 500;
const compiled = new Map<string, RE2JS>();

/** Compiles a pattern in RE2 syntax, once. Throws what RE2JS throws when it does not compile. */
export function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const fresh = RE2JS.compile(pattern);
  const [oldest] = compiled.keys();
  if (compiled.size >= MAX_PATTERNS && oldest !== undefined) compiled.delete(oldest);
  compiled.set(pattern, fresh);
  return fresh;
}
