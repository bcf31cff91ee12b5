/** A place in a policy file. */
export interface Where {
  /** The file as people name it: `teams/finance.yaml`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
}

/** A place as editors and terminals link it: `teams/finance.yaml:14:9`. */
export function formatWhere({ file, line, column }: Where): string {
  return `${file}:${line}:${column}`;
}

/** The place of `path` or of its nearest ancestor that has one; `""` is the whole file. */
export function nearestPlace(
  places: { readonly get: (path: string) => Where | undefined },
  path: string,
): Where | undefined {
  for (let known = path; known !== ""; known = parentOf(known)) {
    const place = places.get(known);
    if (place !== undefined) return place;
  }
  return places.get("");
}

/** `a.b[0]` → `a.b` → `a` → empty. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("."), path.lastIndexOf("["), 0));
}

/** `a.b` and `c` → `a.b.c`; `a.b` and 0 → `a.b[0]`. Odd keys are quoted and cut, so that a path stays readable. */
export function joinPath(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  const text = String(key);
  const shown = /^[\w.-]{1,64}$/.test(text) ? text : JSON.stringify(text.slice(0, 64));
  return path === "" ? shown : `${path}.${shown}`;
}
