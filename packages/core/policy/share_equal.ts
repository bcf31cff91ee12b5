import { shared } from "./shared.ts";
import type { TeamPolicy } from "./team_policy.ts";

type Values = Record<string, unknown>;

/** What is mostly a team's own: to look for others like it costs more than it saves. */
const OWN: ReadonlySet<string> = new Set(["mailbox", "approvers", "keys", "source"]);

const known = new Map<string, object>();

/**
 * Makes one object of what is equal in many policies, and names no place in their own files: patterns, actions, windows,
 * what comes from the organisation. It takes the policy over, of which nobody else may have parts yet, and gives it back:
 * thousands of teams take half of the memory.
 */
export function shareEqual(policy: TeamPolicy): TeamPolicy {
  shareParts(policy, policy.source.file);
  return policy;
}

/** A text that is the same for equal values only; undefined: it names the team's own file, and its parts are shared instead. */
function shareParts(value: unknown, file: string): string | undefined {
  if (typeof value === "string") return value === file ? undefined : `"${value.length} ${value}`;
  if (typeof value !== "object" || value === null) return `${value},`;
  if (value instanceof Set) return `S${[...value].map((one) => shareParts(one, file)).join("")};`;
  if (value instanceof Map) return shareEntries(value, file);
  if (Array.isArray(value)) return shareElements(value, file);
  const parts = value as Values;
  // A place in the team's own file, of which there are more than of anything else: nothing in it can be shared.
  if (parts.file === file) {
    parts.file = file;
    return undefined;
  }
  const names = Object.keys(value);
  const texts: (string | undefined)[] = [];
  let text: string | undefined = "O";
  for (const name of names) {
    const own = OWN.has(name) ? undefined : shareParts(parts[name], file);
    texts.push(own);
    text = own === undefined || text === undefined ? undefined : `${text}${name}:${own}`;
  }
  if (text !== undefined) return `${text};`;
  for (const [index, name] of names.entries()) {
    const part = parts[name];
    // What is put back as it was makes its object larger.
    if (typeof part === "object" && part !== null) parts[name] = sharedPart(part, texts[index], file);
  }
  return undefined;
}

function shareElements(list: unknown[], file: string): string | undefined {
  const texts: (string | undefined)[] = [];
  let text: string | undefined = "A";
  for (const part of list) {
    const own = shareParts(part, file);
    texts.push(own);
    text = own === undefined || text === undefined ? undefined : `${text}${own}`;
  }
  if (text !== undefined) return `${text};`;
  for (const [index, part] of list.entries()) list[index] = sharedPart(part, texts[index], file);
  return undefined;
}

function shareEntries(map: Map<unknown, unknown>, file: string): string | undefined {
  let text: string | undefined = "M";
  for (const [key, value] of map) {
    const own = shareParts(value, file);
    if (own === undefined || text === undefined) text = undefined;
    else text += `${shareParts(key, "")}${own}`;
    if (own === undefined) map.set(key, sharedPart(value, own, file));
  }
  return text && `${text};`;
}

/** What is put in a part's place: it is equal, so that nobody can tell the difference. */
function sharedPart(part: unknown, text: string | undefined, file: string): unknown {
  if (typeof part === "string") return part === file ? file : part;
  if (typeof part !== "object" || part === null) return part;
  if (text !== undefined) return shared(known, text, () => part);
  // A list that grew has room for more, which this one never needs.
  return Array.isArray(part) ? part.slice() : part;
}
