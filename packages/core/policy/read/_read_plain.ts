import { joinPath, type Where } from "../where.ts";
import type { PolicyDocument } from "./policy_document.ts";

/** What `readNodes` gives for a document without problems. */
export type PlainDocument = Omit<PolicyDocument, "name" | "text">;

/** Larger files, and such with characters that lines or columns could be counted by in several ways, are for the library. */
const MAX_LENGTH = 65_536;
const MAX_DEPTH = 8;
const PLAIN_TEXT = /^[\n -~\u00a1-\u024f]*$/;

/** A key, and that a space or nothing follows it. */
const KEY = /([A-Za-z_][\w-]{0,63}):(?= |\n|$)/y;
/** In a flow collection all that may end a plain value, or makes it something else. */
const FLOW_END = /[,[\]{}]| #|:(?:[ ,[\]{}\n]|$)/g;
/** The one escape that patterns need is that of a backslash. */
const DOUBLE_QUOTED = /"((?:[^"\\\n]|\\\\)*)"/y;
const SINGLE_QUOTED = /'([^'\n]*)'/y;
const LIKE_OTHERS = /^(?:null|true|false|nan)$/i;
const WORDS = /^[A-Za-z]/;
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,14})$/;
const FRACTION = /^\d{1,9}\.\d{1,9}$/;
/** `20/day`, `08:00`, an id: what begins with a digit and has a character that no number has. */
const NO_NUMBER = /^\d.*[^\da-fxo.+-]/i;
/** `2030-12-31`, `30d` */
const DATE_OR_DAYS = /^(?:\d{4}-\d\d-\d\d|\d{1,9}d)$/;

/** Thrown when the text needs the library; nobody sees it. */
const NOT_PLAIN = Symbol("not plain");

/** A line that says something. */
interface Line {
  readonly number: number;
  /** Its offsets in the text: where it begins, and behind its last character. */
  readonly from: number;
  readonly to: number;
  readonly indent: number;
}

/**
 * Reads a document that is written as nearly all policies are: block maps and lists, flow ones that end on their line,
 * values without escapes. For such a text it gives exactly what the `yaml` library and `readNodes` give, in a fraction of
 * the time; for every other, with problems or not, undefined: then they say it. The text must be without deceptive characters
 * and secrets.
 */
export function readPlain(file: string, text: string): PlainDocument | undefined {
  if (text.length > MAX_LENGTH || !PLAIN_TEXT.test(text)) return undefined;
  try {
    return new PlainReader(file, text).read();
  } catch (reason) {
    if (reason === NOT_PLAIN) return undefined;
    throw reason;
  }
}

class PlainReader {
  readonly #file: string;
  readonly #text: string;
  /** Without those that are empty or a comment. */
  readonly #lines: readonly Line[];
  readonly #places = new Map<string, Where>();
  readonly #keyPlaces = new Map<string, Where>();
  /** Index of the line that is read next. */
  #next = 0;
  /** Offset in the text of what is read next on the line. */
  #at = 0;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#lines = linesOf(text);
  }

  read(): PlainDocument {
    const first = this.#lines[0];
    if (first === undefined || first.indent > 0 || this.#isEntry(first)) throw NOT_PLAIN;
    this.#places.set("", this.#where(first, first.from));
    const value = this.#blockMap("", 0, 0);
    if (this.#next < this.#lines.length) throw NOT_PLAIN;
    return {
      file: this.#file,
      value,
      places: this.#places,
      keyPlaces: this.#keyPlaces,
      spoilt: new Set(),
    };
  }

  /** From the line that is next, whose first entry may be behind a dash. */
  #blockMap(path: string, indent: number, depth: number): Record<string, unknown> {
    if (depth > MAX_DEPTH) throw NOT_PLAIN;
    const map: Record<string, unknown> = Object.create(null);
    for (let isFirst = true; ; isFirst = false) {
      const line = this.#lines[this.#next];
      if (line === undefined || (!isFirst && line.indent < indent)) return map;
      if (!isFirst && (line.indent > indent || this.#isEntry(line))) {
        if (line.indent === indent) return map;
        throw NOT_PLAIN;
      }
      const start = line.from + indent;
      const inner = this.#key(path, map, line, start);
      this.#next++;
      map[inner.name] = this.#isAtEnd(line)
        ? this.#nested(inner.path, indent, depth + 1)
        : this.#blockValue(inner.path, line, depth + 1);
    }
  }

  /** What stands below its key. */
  #nested(path: string, indent: number, depth: number): unknown {
    const line = this.#lines[this.#next];
    if (line === undefined) throw NOT_PLAIN;
    const isList = this.#isEntry(line);
    if (line.indent < indent || (line.indent === indent && !isList)) throw NOT_PLAIN;
    this.#places.set(path, this.#where(line, line.from + line.indent));
    return isList ? this.#blockList(path, line.indent, depth) : this.#blockMap(path, line.indent, depth);
  }

  #blockList(path: string, indent: number, depth: number): readonly unknown[] {
    if (depth > MAX_DEPTH) throw NOT_PLAIN;
    const list: unknown[] = [];
    for (;;) {
      const line = this.#lines[this.#next];
      if (line === undefined || line.indent < indent) return list;
      if (line.indent > indent) throw NOT_PLAIN;
      if (!this.#isEntry(line)) return list;
      const inner = joinPath(path, list.length);
      this.#at = this.#skip(line.from + indent + 1, line);
      const start = this.#at;
      if (this.#isAtEnd(line)) throw NOT_PLAIN;
      KEY.lastIndex = start;
      const key = KEY.exec(this.#text);
      if (key !== null && KEY.lastIndex <= line.to) {
        this.#places.set(inner, this.#where(line, start));
        list.push(this.#blockMap(inner, start - line.from, depth + 1));
      } else {
        this.#next++;
        list.push(this.#blockValue(inner, line, depth + 1));
      }
    }
  }

  /** A value that ends on its line, with nothing but a comment behind it. */
  #blockValue(path: string, line: Line, depth: number): unknown {
    const start = this.#at;
    const first = this.#text[start];
    if (first === "[" || first === "{" || first === '"' || first === "'") {
      const value = this.#flowOrQuoted(path, line, depth);
      const end = this.#at;
      this.#at = this.#skip(end, line);
      if (!this.#isAtEnd(line) || (this.#at < line.to && this.#at === end)) throw NOT_PLAIN;
      return value;
    }
    let written = this.#text.slice(start, line.to);
    const comment = written.indexOf(" #");
    if (comment >= 0) written = written.slice(0, comment);
    written = written.trimEnd();
    if (written.includes(": ") || written.endsWith(":")) throw NOT_PLAIN;
    this.#places.set(path, this.#where(line, start));
    return plainValue(written);
  }

  #flowOrQuoted(path: string, line: Line, depth: number): unknown {
    if (depth > MAX_DEPTH) throw NOT_PLAIN;
    this.#places.set(path, this.#where(line, this.#at));
    switch (this.#text[this.#at]) {
      case "[":
        return this.#flowList(path, line, depth);
      case "{":
        return this.#flowMap(path, line, depth);
      case '"':
        return this.#quoted('"', line);
      default:
        return this.#quoted("'", line);
    }
  }

  #flowList(path: string, line: Line, depth: number): readonly unknown[] {
    const list: unknown[] = [];
    this.#at = this.#skip(this.#at + 1, line);
    if (this.#text[this.#at] === "]") {
      this.#at++;
      return list;
    }
    for (;;) {
      list.push(this.#flowValue(joinPath(path, list.length), line, depth + 1));
      if (this.#isLast("]", line)) return list;
    }
  }

  #flowMap(path: string, line: Line, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = Object.create(null);
    this.#at = this.#skip(this.#at + 1, line);
    if (this.#text[this.#at] === "}") {
      this.#at++;
      return map;
    }
    for (;;) {
      const inner = this.#key(path, map, line, this.#at);
      map[inner.name] = this.#flowValue(inner.path, line, depth + 1);
      if (this.#isLast("}", line)) return map;
    }
  }

  #flowValue(path: string, line: Line, depth: number): unknown {
    const start = this.#at;
    const first = this.#text[start];
    if (first === "[" || first === "{" || first === '"' || first === "'")
      return this.#flowOrQuoted(path, line, depth);
    FLOW_END.lastIndex = start;
    const end = FLOW_END.exec(this.#text);
    const by = end?.[0];
    if (end === null || end.index >= line.to || !(by === "," || by === "]" || by === "}")) throw NOT_PLAIN;
    this.#at = end.index;
    this.#places.set(path, this.#where(line, start));
    return plainValue(this.#text.slice(start, end.index).trimEnd());
  }

  /** Behind a value of a flow collection: its end, or a comma and a next value. */
  #isLast(end: "]" | "}", line: Line): boolean {
    this.#at = this.#skip(this.#at, line);
    const found = this.#at < line.to ? this.#text[this.#at] : undefined;
    if (found !== end && found !== ",") throw NOT_PLAIN;
    this.#at++;
    if (found === end) return true;
    this.#at = this.#skip(this.#at, line);
    return false;
  }

  #quoted(quote: '"' | "'", line: Line): string {
    const quoted = quote === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED;
    quoted.lastIndex = this.#at;
    const [all = "", value = ""] = quoted.exec(this.#text) ?? [];
    this.#at += all.length;
    if (all === "" || this.#at > line.to || this.#text[this.#at] === quote) throw NOT_PLAIN;
    return quote === '"' ? value.replaceAll("\\\\", "\\") : value;
  }

  /** Reads a key at an offset, and goes on behind its colon. */
  #key(
    path: string,
    map: Readonly<Record<string, unknown>>,
    line: Line,
    start: number,
  ): { readonly name: string; readonly path: string } {
    KEY.lastIndex = start;
    const name = KEY.exec(this.#text)?.[1];
    const end = start + (name?.length ?? 0) + 1;
    if (name === undefined || end > line.to || name in map || LIKE_OTHERS.test(name)) throw NOT_PLAIN;
    const inner = joinPath(path, name);
    this.#keyPlaces.set(inner, this.#where(line, start));
    this.#at = this.#skip(end, line);
    return { name, path: inner };
  }

  /** Whether nothing is left of a line but a comment. */
  #isAtEnd(line: Line): boolean {
    return this.#at >= line.to || this.#text[this.#at] === "#";
  }

  #isEntry(line: Line): boolean {
    const start = line.from + line.indent;
    return this.#text[start] === "-" && this.#text[start + 1] === " ";
  }

  #skip(from: number, line: Line): number {
    let at = from;
    while (at < line.to && this.#text[at] === " ") at++;
    return at;
  }

  #where(line: Line, offset: number): Where {
    return { file: this.#file, line: line.number, column: offset - line.from + 1 };
  }
}

function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let number = 0;
  for (let from = 0; from < text.length; ) {
    number++;
    const end = text.indexOf("\n", from);
    const to = end < 0 ? text.length : end;
    let start = from;
    while (start < to && text[start] === " ") start++;
    if (start < to && text[start] !== "#") lines.push({ number, from, indent: start - from, to });
    from = to + 1;
  }
  return lines;
}

/** What a plain value stands for in YAML 1.2's core schema. */
function plainValue(written: string): unknown {
  if (WORDS.test(written)) {
    if (!LIKE_OTHERS.test(written)) return written;
    if (written === "true" || written === "false") return written === "true";
    throw NOT_PLAIN;
  }
  if (WHOLE_NUMBER.test(written) || FRACTION.test(written)) return Number(written);
  if (NO_NUMBER.test(written) || DATE_OR_DAYS.test(written)) return written;
  throw NOT_PLAIN;
}
