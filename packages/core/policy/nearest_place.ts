import type { Where } from "./where.ts";

/** The place of `path` or of its nearest ancestor that has one; `""` is the whole file. */
export function nearestPlace(places: ReadonlyMap<string, Where>, path: string): Where | undefined {
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
