/** Character sets that a text file may be labelled with: those that the scan reads as their readers do. */
const CHARSETS = new Set([
  "utf-8",
  "us-ascii",
  "iso-8859-1",
  "iso-8859-15",
  "windows-1252",
  "utf-16",
  "utf-16le",
  "utf-16be",
]);

const TOKEN = "[A-Za-z0-9!#$&^_.+-]{1,127}";
const TYPE = new RegExp(`^\\s*(${TOKEN}/${TOKEN})\\s*(;.*)?$`);
const PARAMETER = /;\s*(?:([A-Za-z0-9!#$&^_.+*'-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]*)\s*)?/gy;

/**
 * The label as it is judged and sent: the bare media type in lower case (RFC 2045), and for text its character set.
 * Everything else is left out: a `name` there would be a second file name, which mail programs prefer to the first.
 * `undefined` if it is none, or names a character set that is not known, or two.
 */
export function canonicalMediaType(label: string): string | undefined {
  const [, type, parameters = ""] = TYPE.exec(label) ?? [];
  if (type === undefined) return undefined;
  const bare = type.toLowerCase();
  const charsets = new Set<string>();
  PARAMETER.lastIndex = 0;
  for (let at = 0; at < parameters.length; at = PARAMETER.lastIndex) {
    const found = PARAMETER.exec(parameters);
    if (found === null) return undefined;
    const [, name = "", value = ""] = found;
    if (/^charset(?:\*|$)/i.test(name)) charsets.add(value.replace(/^"(.*)"$/, "$1").toLowerCase());
  }
  const [charset] = charsets;
  if (charset === undefined) return bare;
  if (charsets.size > 1 || !CHARSETS.has(charset)) return undefined;
  return isTextual(bare) ? `${bare}; charset=${charset}` : bare;
}

/** The bare media type of a label, in lower case. */
export function bareMediaType(label: string): string {
  return label.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function isTextual(type: string): boolean {
  return /^text\/|[/+](?:xml|json|yaml|csv|x-ndjson)$/.test(type);
}
