/** A list with more different entries is begun anew: what is shared no more only takes more memory. */
const MAX_SHARED = 50_000;

/** The first of the equal values that were made for this key; `known` holds those of one kind. */
export function shared<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MAX_SHARED) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}
