/** A path in a request. */
const FIELD = /^[\w.-]{0,100}$/;

/** A field's name as an answer and a record may hold it: it is the caller's own text, and what is no name is not repeated. */
export function fieldName(field: string): string {
  return FIELD.test(field) ? field : `(a field whose name has ${field.length} characters)`;
}

/** Deeper than any request of ours: an attachment in a call in a batch is seven deep. */
const MAX_DEPTH = 32;

/** More members and elements than a batch of the largest requests has. */
const MAX_VALUES = 10_000;

/** More problems than this help nobody. */
const MAX_PROBLEMS = 20;

/** Longer paths are not repeated. */
const MAX_PATH = 200;

/** No figure is longer, and a parser needs long for one that is. */
const MAX_FIGURE = 400;

/** So many bytes are read in one go: others wait for a few milliseconds at most. */
const TURN_BYTES = 1024 * 1024;

/** What stands in a JSON text at one place and cannot be taken as it is written. */
export interface JsonProblem {
  /** Its path, such as `report.metrics.Signups`. */
  readonly field: string;
  readonly message: string;
}

/** A JSON text, read; or why it is none. */
export type JsonResult =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** What `value` does not hold as it was written: nothing may be done with it when there are any. At most 20. */
      readonly problems: readonly JsonProblem[];
    }
  | { readonly ok: false; readonly message: string };

/**
 * Reads JSON in UTF-8 that a stranger wrote. Its depth and the number of its values are bounded before it is parsed, in
 * one pass over the bytes that finds, too, what JavaScript would alter in silence: half a surrogate pair, which no UTF-8
 * can hold, and figures with more digits than a number has. Those are problems, by their field.
 *
 * @param pause gives way to others, between the parts of a large text; absent: it is read in one go
 */
export async function readJson(bytes: Uint8Array, pause?: () => Promise<void>): Promise<JsonResult> {
  const survey = new JsonSurvey(bytes);
  for (let end = 0; end < bytes.length; ) {
    if (end > 0) await pause?.();
    end = Math.min(end + TURN_BYTES, bytes.length);
    if (!survey.advance(end)) return { ok: false, message: survey.refusal };
  }
  const { problems } = survey;
  try {
    // With half a pair in its bytes it is no UTF-8: what it says besides tells whom to answer.
    const fatal = problems.length === 0;
    const text =
      bytes.length <= TURN_BYTES
        ? (fatal ? STRICT : LENIENT).decode(bytes)
        : await decodeInTurns(bytes, { fatal, pause });
    if (bytes.length > TURN_BYTES) await pause?.();
    return { ok: true, value: JSON.parse(text), problems };
  } catch {
    return { ok: false, message: "The body is not valid JSON in UTF-8" };
  }
}

/** Nothing is kept in them between two texts. */
const STRICT = new TextDecoder("utf-8", { fatal: true });
const LENIENT = new TextDecoder();

async function decodeInTurns(
  bytes: Uint8Array,
  { fatal, pause }: { readonly fatal: boolean; readonly pause: (() => Promise<void>) | undefined },
): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal });
  let text = "";
  for (let from = 0; from < bytes.length; from += TURN_BYTES) {
    if (from > 0) await pause?.();
    text += decoder.decode(bytes.subarray(from, from + TURN_BYTES), { stream: true });
  }
  return text + decoder.decode();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OBJECT = 1;
const ARRAY = 2;

/** One pass over a JSON text, in parts. It knows where it is; whether the text is JSON is left to the parser. */
class JsonSurvey {
  /** Why the text is not parsed at all. */
  refusal = "";
  readonly problems: JsonProblem[] = [];
  readonly #bytes: Uint8Array;
  #at = 0;
  #values = 0;
  #depth = 0;
  /** Of each container that is open, by depth. */
  readonly #kinds: number[] = [];
  readonly #indexes: number[] = [];
  readonly #keyFrom: number[] = [];
  readonly #keyTo: number[] = [];
  #wantsKey = false;
  /** Where the text that is being read begins; -1: none is. */
  #textFrom = -1;
  #isIllFormed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Goes on to `end`, or a little beyond. False: the text is too deep or has too many values. */
  advance(end: number): boolean {
    const bytes = this.#bytes;
    while (this.#at < end) {
      if (this.#textFrom >= 0) {
        this.#readText(end);
        continue;
      }
      const byte = bytes[this.#at] ?? 0;
      switch (byte) {
        case QUOTE:
          this.#at++;
          this.#textFrom = this.#at;
          this.#isIllFormed = false;
          break;
        case 0x7b:
        case 0x5b:
          this.#at++;
          if (!this.#open(byte === 0x7b ? OBJECT : ARRAY)) return false;
          break;
        case 0x7d:
        case 0x5d:
          this.#at++;
          if (this.#depth > 0) this.#depth--;
          this.#wantsKey = false;
          break;
        case 0x2c:
          this.#at++;
          this.#indexes[this.#depth] = (this.#indexes[this.#depth] ?? 0) + 1;
          this.#wantsKey = this.#kinds[this.#depth] === OBJECT && this.#depth > 0;
          if (!this.#count()) return false;
          break;
        default:
          if (byte !== 0x2d && (byte < 0x30 || byte > 0x39)) this.#at++;
          else if (!this.#readNumber()) return false;
      }
    }
    return true;
  }

  #open(kind: number): boolean {
    if (this.#depth === MAX_DEPTH) {
      this.refusal = `The body must not be nested deeper than ${MAX_DEPTH} levels`;
      return false;
    }
    this.#depth++;
    this.#kinds[this.#depth] = kind;
    this.#indexes[this.#depth] = 0;
    this.#keyTo[this.#depth] = -1;
    this.#wantsKey = kind === OBJECT;
    return this.#count();
  }

  #count(): boolean {
    this.#values++;
    if (this.#values <= MAX_VALUES) return true;
    this.refusal = `The body must not hold more than ${MAX_VALUES} fields and elements`;
    return false;
  }

  /** Reads on in a text: to its end, or to `end` in a long one. */
  #readText(end: number): void {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < end) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.#at = at + 1;
        this.#endText(at);
        return;
      }
      if (byte === BACKSLASH) at = this.#readEscape(at);
      else {
        // ED A0 to ED BF would be half a pair.
        if (byte === 0xed && (bytes[at + 1] ?? 0) >= 0xa0) this.#isIllFormed = true;
        at++;
      }
    }
    this.#at = at;
  }

  /** Gives where it goes on. */
  #readEscape(at: number): number {
    const unit = this.#unitAt(at);
    if (unit === undefined) return at + 2;
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    const next = unit <= 0xdbff ? this.#unitAt(at + 6) : undefined;
    if (next !== undefined && next >= 0xdc00 && next <= 0xdfff) return at + 12;
    this.#isIllFormed = true;
    return at + 6;
  }

  /** The code unit that is escaped as `\uXXXX` there. */
  #unitAt(at: number): number | undefined {
    const bytes = this.#bytes;
    if (bytes[at] !== BACKSLASH || bytes[at + 1] !== 0x75) return undefined;
    let unit = 0;
    for (let digit = at + 2; digit < at + 6; digit++) {
      const value = HEX[bytes[digit] ?? 0] ?? -1;
      if (value < 0) return undefined;
      unit = unit * 16 + value;
    }
    return unit;
  }

  #endText(to: number): void {
    const from = this.#textFrom;
    this.#textFrom = -1;
    if (this.#wantsKey) {
      this.#wantsKey = false;
      this.#keyFrom[this.#depth] = from;
      this.#keyTo[this.#depth] = to;
    }
    if (this.#isIllFormed)
      this.#report("The text holds half a character (a lone surrogate); send whole ones");
  }

  #readNumber(): boolean {
    const bytes = this.#bytes;
    const from = this.#at;
    let at = from + 1;
    let isPlain = true;
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === 0x65 || byte === 0x45) isPlain = false;
      else if (byte !== 0x2e && byte !== 0x2b && byte !== 0x2d && (byte < 0x30 || byte > 0x39)) break;
    }
    this.#at = at;
    // Fifteen digits always survive, and they are almost always fewer.
    if (isPlain && at - from <= 15) return true;
    if (at - from > MAX_FIGURE) {
      this.refusal = `A figure must not be longer than ${MAX_FIGURE} characters`;
      return false;
    }
    if (!survives(String.fromCharCode(...bytes.subarray(from, at)))) {
      this.#report("The figure has more digits than can be kept; send fewer, or write it in a text");
    }
    return true;
  }

  #report(message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ field: this.#path(), message });
  }

  #path(): string {
    const parts: (string | number)[] = [];
    for (let depth = 1; depth <= this.#depth; depth++) {
      if (this.#kinds[depth] === ARRAY) parts.push(this.#indexes[depth] ?? 0);
      else if ((this.#keyTo[depth] ?? -1) >= 0) parts.push(this.#keyAt(depth));
    }
    const path = parts.join(".");
    return path.length <= MAX_PATH ? path : fieldName(path);
  }

  #keyAt(depth: number): string {
    const key = this.#bytes.subarray((this.#keyFrom[depth] ?? 0) - 1, (this.#keyTo[depth] ?? 0) + 1);
    try {
      return key.length > 1_000 ? "?" : fieldName(String(JSON.parse(new TextDecoder().decode(key))));
    } catch {
      return "?";
    }
  }
}

/** The value of each ASCII hex digit; -1 for other bytes. */
const HEX = Int8Array.from({ length: 256 }, (_, byte) => "0123456789abcdef".indexOf(ascii(byte)));

function ascii(byte: number): string {
  return byte === 0 ? "?" : String.fromCharCode(byte).toLowerCase();
}

/** Whether a number still says the same after it was a JavaScript number. */
function survives(text: string): boolean {
  const value = Number(text);
  // What is no number is left to the parser.
  if (Number.isNaN(value)) return true;
  return Number.isFinite(value) && decimalOf(text) === decimalOf(String(value));
}

/** A number's digits without zeros at their ends, and the power of ten that goes with them. */
function decimalOf(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
