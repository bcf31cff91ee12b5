/**
 * Parses JSON in UTF-8 as MultiMail writes it. Half a surrogate pair, which a stranger's cut text can hold and no UTF-8
 * can, becomes U+FFFD. Throws a `SyntaxError` when it is no JSON.
 */
export function decodeJson(body: Uint8Array): unknown {
  const text = UTF8.decode(body);
  const value: unknown = JSON.parse(text);
  // Decoded text has none; only an escape can bring one.
  return /\\u[dD]/.test(text) ? wellFormed(value) : value;
}

const UTF8 = new TextDecoder();

/** The same; `undefined` when it is no JSON. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return decodeJson(body);
  } catch {
    return undefined;
  }
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll(/\p{Surrogate}/gu, "\ufffd");
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [wellFormed(name), wellFormed(member)]),
  );
}
