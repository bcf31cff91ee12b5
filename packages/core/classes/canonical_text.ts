/** Where a value stands, and by which name it was written: no request is decided otherwise for it. */
const PLACES: ReadonlySet<string> = new Set(["where", "outsideAt", "group", "role", "text", "source"]);

/** A policy's value as text: the same for two that decide alike, wherever in their files they stand. */
export function canonicalText(value: unknown): string {
  return (
    JSON.stringify(value, (key, inner: unknown) => {
      if (PLACES.has(key)) return undefined;
      if (inner instanceof Map) return [...inner];
      return inner instanceof Set ? [...inner].sort() : inner;
    }) ?? ""
  );
}
