/** One file of the repository imports another; paths from the root. */
export interface FileImport {
  readonly from: string;
  readonly to: string;
}

/** An import that closes a circle of rooms, the first of which is also the last. */
export interface RoomCircle extends FileImport {
  readonly rooms: readonly string[];
}

/** Folders and files that lie beside each other → those that they import → by which imports. */
type Level = Map<string, Map<string, FileImport[]>>;

/**
 * Circles of rooms at every level of folders, in which no two files need to import each other: a room is a file, or a
 * folder with all that is in it; circles of files alone are left out. Of each folder one circle, and of that an import
 * of which it has the fewest.
 */
export function roomCircles(imports: readonly FileImport[]): readonly RoomCircle[] {
  return [...levelsOf(imports)].flatMap(([folder, level]) => {
    const rooms = [...level.keys()]
      .map((room) => circleFrom(level, room))
      .find((circle) => circle.length > 0);
    if (rooms === undefined || rooms.every(isFile)) return [];
    const arrows = rooms.slice(1).map((room, index) => level.get(rooms[index] ?? "")?.get(room) ?? []);
    const [closing] = arrows.reduce((least, one) => (one.length < least.length ? one : least));
    return closing === undefined ? [] : [{ ...closing, rooms: rooms.map((room) => `${folder}/${room}`) }];
  });
}

/** Between what lie the imports: `a/b/c.ts` and `a/d/e.ts` are an arrow from `b` to `d` in `a`. */
function levelsOf(imports: readonly FileImport[]): ReadonlyMap<string, Level> {
  const levels = new Map<string, Level>();
  for (const one of imports) {
    const from = one.from.split("/");
    const to = one.to.split("/");
    const depth = from.findIndex((name, index) => name !== to[index]);
    const [source, target] = [from[depth], to[depth]];
    if (depth < 1 || source === undefined || target === undefined) continue;
    const level: Level = getOrSet(levels, from.slice(0, depth).join("/"), () => new Map());
    const arrows: Map<string, FileImport[]> = getOrSet(level, source, () => new Map());
    getOrSet(arrows, target, (): FileImport[] => []).push(one);
  }
  return levels;
}

/** The shortest way from a room back to itself; none: empty. */
function circleFrom(level: Level, start: string): readonly string[] {
  const ways: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of level.get(way.at(-1) ?? "")?.keys() ?? []) {
      if (next === start) return [...way, next];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return [];
}

function isFile(room: string): boolean {
  return /\.[jt]s$/.test(room);
}

function getOrSet<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
