import type { ErrorCode } from "yaml";

/** What the library found. */
export interface SyntaxError {
  readonly code: ErrorCode;
  /** In UTF-16 units of the text. */
  readonly offset: number;
}

/** Where a slip is, and what to do about it. */
export interface Explained {
  readonly offset: number;
  readonly message: string;
}

interface Line {
  readonly text: string;
  /** Of its first character. */
  readonly offset: number;
  /** How many blanks it begins with. */
  readonly indent: number;
}

/** A line, trimmed, that begins a key, or an item of a list that begins with one. Linear: no two of its parts can take the same. */
const KEY = /^((?:- +)*)("[^"]*"|'[^']*'|[^\s"'[{#&*!|>%@`-][^:]*):(?:\s|$)/;

/** No text of a file is shown longer than that. */
const MAX_SHOWN = 60;

/**
 * What the slips were that made a file no YAML, each at the line where it is: the library says what its grammar lacked, where
 * it noticed. Of what people seldom do, nothing is said. Takes time by the length of the text, for each error.
 */
export function explainSyntax(text: string, errors: readonly SyntaxError[]): readonly Explained[] {
  const lines = linesOf(text);
  return errors.flatMap((error) => explain(text, lines, error) ?? []);
}

function explain(text: string, lines: readonly Line[], { code, offset }: SyntaxError): Explained | undefined {
  const at = lines.findLastIndex((line) => line.offset <= offset);
  const line = lines[at];
  if (line === undefined) return undefined;
  if (code === "TAB_AS_INDENT") return tab(line);
  if (code === "BAD_SCALAR_START") return scalarStart(line, offset);
  const open = unclosed(text, offset);
  if (open !== undefined && !isBlank(line)) return open;
  // It notices at a value that the lines below it are not a part of.
  const below = lines.findIndex((one, index) => index > at && !isBlank(one));
  const next = lines[below];
  if (code === "BLOCK_AS_IMPLICIT_KEY" || code === "MULTILINE_IMPLICIT_KEY") {
    if (KEY.test(line.text.trim()) && next !== undefined && next.indent > line.indent && isEntry(next))
      return misaligned(lines, below);
    if (line.text.trim().startsWith("- ")) return misaligned(lines, at);
  }
  if (code === "BAD_INDENT" || (code === "MISSING_CHAR" && KEY.test(line.text.trim())))
    return misaligned(lines, isBlank(line) ? below : at);
  return colon(line);
}

/** A file has up to 1 MiB; comments and what is empty are lines too. */
function linesOf(text: string): readonly Line[] {
  let offset = 0;
  return text.split("\n").map((full) => {
    const line = { text: full.replace(/\r$/, ""), offset, indent: /^ */.exec(full)?.[0].length ?? 0 };
    offset += full.length + 1;
    return line;
  });
}

function isBlank({ text }: Line): boolean {
  return /^\s*(?:#.*)?$/.test(text);
}

function isEntry({ text }: Line): boolean {
  const trimmed = text.trim();
  return trimmed.startsWith("- ") || KEY.test(trimmed);
}

function tab({ text, offset }: Line): Explained {
  const column = Math.max(0, text.indexOf("\t"));
  return { offset: offset + column, message: "Indent with blanks: YAML takes no tabs there" };
}

function scalarStart({ text, offset: from }: Line, offset: number): Explained {
  const value = /^[^\s,\]}]+/.exec(text.slice(offset - from))?.[0] ?? "";
  return {
    offset,
    message: `Put quotes around ${shown(value)}: YAML takes no text that begins with "${value.charAt(0)}"`,
  };
}

/** Two keys, or items, of one list or map that do not begin in one column. */
function misaligned(lines: readonly Line[], at: number): Explained | undefined {
  const line = lines[at];
  if (line === undefined) return undefined;
  const isItem = line.text.trim().startsWith("- ");
  const places = placesAbove(lines, at).filter((place) => place.isItem === isItem);
  const offset = line.offset + line.indent;
  const is = `This line is indented by ${line.indent}`;
  const [first, ...others] = places.map(({ name, indent }) => `with ${shown(name)} above (${indent})`);
  if (first === undefined) return { offset, message: `${is}, and nothing above it by as much` };
  return { offset, message: `${is}: line it up ${[first, ...others.slice(0, 2)].join(", or ")}` };
}

interface Place {
  readonly name: string;
  readonly indent: number;
  readonly isItem: boolean;
}

/** Where a line may begin to go on with what is open above it: the nearest first. */
function placesAbove(lines: readonly Line[], at: number): readonly Place[] {
  const places: Place[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let index = at - 1; index >= 0 && least > 0; index--) {
    const line = lines[index];
    if (line === undefined || isBlank(line) || line.indent >= least) continue;
    least = line.indent;
    const trimmed = line.text.trim();
    const [, dashes = "", key] = KEY.exec(trimmed) ?? [];
    const name = key?.trimEnd();
    if (dashes !== "" && name !== undefined)
      places.push({ name, indent: line.indent + dashes.length, isItem: false });
    if (trimmed.startsWith("- ")) places.push({ name: trimmed, indent: line.indent, isItem: true });
    else if (name !== undefined) places.push({ name, indent: line.indent, isItem: false });
  }
  return places;
}

/** A bracket before the error that nothing closes. */
function unclosed(text: string, end: number): Explained | undefined {
  const open: number[] = [];
  let quote = "";
  // Quotes begin a value only, and comments follow a blank.
  for (let index = 0; index < end; index++) {
    const character = text.charAt(index);
    const before = text.charAt(index - 1);
    if (quote !== "") {
      if (character === "\\" && quote === '"') index++;
      else if (character === quote) quote = "";
    } else if (/["']/.test(character) && (before === "" || /[\s,[{:]/.test(before))) quote = character;
    else if (character === "#" && (before === "" || /\s/.test(before))) {
      const newline = text.indexOf("\n", index);
      index = newline < 0 ? end : newline;
    } else if (/[[{]/.test(character) && (open.length > 0 || /[\s:-]/.test(before))) open.push(index);
    else if (/[\]}]/.test(character) && open.length > 0) {
      const begun = open.pop() ?? 0;
      if ((text.charAt(begun) === "[") !== (character === "]")) return notClosed(text, begun);
    }
  }
  const begun = open.at(-1);
  return begun === undefined ? undefined : notClosed(text, begun);
}

function notClosed(text: string, offset: number): Explained {
  const bracket = text.charAt(offset);
  const wanted = bracket === "[" ? "]" : "}";
  return { offset, message: `This "${bracket}" is not closed: put a "${wanted}" where it ends` };
}

/** Of a key, its colon, or the blank behind that. */
function colon({ text, offset, indent }: Line): Explained | undefined {
  const [trimmed = ""] = text
    .trim()
    .split(/\s#/, 1)
    .map((part) => part.trimEnd());
  const [, own = "", value = ""] = /^(?:- +)*([\w.-]+): +(.*)$/.exec(trimmed) ?? [];
  if (/:(?:\s|$)/.test(value))
    return {
      offset: offset + text.indexOf(value, indent + own.length),
      message: `Put quotes around ${shown(value)}: a colon and a blank make what stands before them a key`,
    };
  const [, name, rest] = /^(?:- +)*([\w-]+):(\S.*)$/.exec(trimmed) ?? [];
  if (name !== undefined)
    return { offset: offset + indent, message: `Put a blank after the colon: ${shown(`${name}: ${rest}`)}` };
  if (/^(?:- +)*[\w-]+$/.test(trimmed))
    return { offset: offset + indent, message: `Put a colon after the key: ${shown(`${trimmed}:`)}` };
  return undefined;
}

function shown(text: string): string {
  return `"${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}"`;
}
