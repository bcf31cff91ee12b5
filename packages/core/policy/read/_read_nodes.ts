import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import type { PolicyProblem } from "../policy_problem.ts";
import { joinPath, type Where } from "../where.ts";
import { deceptiveCharacters } from "./_deceptive_characters.ts";
import type { PlaceFinder } from "./_place_finder.ts";
import { findSecrets, redactSecrets, SECRET_MESSAGE } from "./_secrets.ts";

/** Aliases multiply: ten levels of ten are ten thousand million values. Policies hardly need any. */
const MAX_ALIASES = 20;
const MAX_NODES = 200_000;

/** A document's content as plain values, with places. */
export interface ReadNodes {
  readonly value: unknown;
  readonly places: ReadonlyMap<string, Where>;
  readonly keyPlaces: ReadonlyMap<string, Where>;
  /** Paths of the values with problems. */
  readonly spoilt: ReadonlySet<string>;
  readonly problems: readonly PolicyProblem[];
}

/** Reads a document's nodes into plain values. `secrets` are the offsets at which keys were blanked. */
export function readNodes(
  root: Node | null,
  { placeAt, secrets }: { placeAt: PlaceFinder; secrets: readonly number[] },
): ReadNodes {
  const places = new Map<string, Where>();
  const keyPlaces = new Map<string, Where>();
  const spoilt = new Set<string>();
  const problems: PolicyProblem[] = [];
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  const unseenSecrets = new Set(secrets);
  let aliases = 0;
  let nodes = 0;
  let exceeded = false;

  const value = read(root, "");
  for (const offset of unseenSecrets)
    problems.push({ where: placeAt(offset), path: "", message: SECRET_MESSAGE });
  return { value, places, keyPlaces, spoilt, problems };

  function read(node: Node | null, path: string): unknown {
    if (node === null) return null;
    const where = placeOf(node);
    if (!places.has(path)) places.set(path, where);
    if (++nodes > MAX_NODES) return exceed(path, where, `Aliases repeat more than ${MAX_NODES} values`);
    if (node.tag !== undefined)
      return spoil(path, where, 'Tags are not supported: remove the one that starts with "!"');
    if (isAlias(node)) return readAlias(node.source, path, where);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    open.add(node);
    const value = isMap<Node, Node | null>(node)
      ? readMap(node.items, path)
      : isSeq<Node>(node)
        ? node.items.map((item, index) => read(item, joinPath(path, index)))
        : readScalar(node, path, where);
    open.delete(node);
    return value;
  }

  function readMap(items: readonly Pair<Node, Node | null>[], path: string): Record<string, unknown> {
    const map: Record<string, unknown> = Object.create(null);
    for (const { key, value } of items) {
      const where = placeOf(key);
      if (!isScalar(key) || key.tag !== undefined) {
        spoil(path, where, "Keys must be plain words");
        continue;
      }
      const name = redactSecrets(String(key.value));
      const inner = joinPath(path, name);
      const first = keyPlaces.get(inner);
      if (name in map && first) {
        spoil(inner, where, `Duplicate key ${JSON.stringify(name)}: it is on line ${first.line} too`);
      } else if (name === "<<") {
        spoil(inner, where, 'Merge keys ("<<") are not supported: repeat the keys');
      } else {
        keyPlaces.set(inner, where);
        readScalar(key, inner, where);
        map[name] = read(value, inner);
      }
    }
    return map;
  }

  function readAlias(name: string, path: string, where: Where): unknown {
    const target = anchors.get(name);
    if (target === undefined)
      return spoil(
        path,
        where,
        `Put quotes around "*${name}": without them, "*" stands for an anchor, and there is none`,
      );
    if (open.has(target)) return spoil(path, where, `Alias "*${name}" contains itself`);
    if (++aliases > MAX_ALIASES) return exceed(path, where, `Aliases must not be more than ${MAX_ALIASES}`);
    return read(target, path);
  }

  function readScalar(node: Node, path: string, where: Where): unknown {
    if (!isScalar(node)) return null;
    const [start, end] = node.range ?? [0, 0];
    for (const offset of unseenSecrets) {
      if (offset < start || offset >= end) continue;
      unseenSecrets.delete(offset);
      spoil(path, placeAt(offset), SECRET_MESSAGE);
    }
    // The text has been scanned; only escapes ("\u0000") can put into a value what was not in the text.
    if (typeof node.value !== "string" || node.type !== "QUOTE_DOUBLE") return node.value;
    if (findSecrets(node.value).length > 0) spoil(path, where, SECRET_MESSAGE);
    for (const { message } of deceptiveCharacters(node.value).slice(0, 1)) spoil(path, where, message);
    return redactSecrets(node.value);
  }

  function placeOf(node: Node): Where {
    return placeAt(node.range?.[0] ?? 0);
  }

  /** Says once that there is too much; the rest of the file would say it again and again. */
  function exceed(path: string, where: Where, message: string): null {
    if (!exceeded) spoil(path, where, message);
    exceeded = true;
    spoilt.add(path);
    return null;
  }

  function spoil(path: string, where: Where, message: string): null {
    spoilt.add(path);
    problems.push({ where, path, message });
    return null;
  }
}
