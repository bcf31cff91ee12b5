/** `a.b` and `c` → `a.b.c`; `a.b` and 0 → `a.b[0]`. Odd keys are quoted and cut, so that a path stays readable. */
export function joinPath(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  const text = String(key);
  const shown = /^[\w.-]{1,64}$/.test(text) ? text : JSON.stringify(text.slice(0, 64));
  return path === "" ? shown : `${path}.${shown}`;
}
