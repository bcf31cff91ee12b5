import { RE2JS } from "re2js";

/** What is known of a text: how it begins and how it ends; between them is anything. */
export interface KnownEnds {
  readonly before: string;
  readonly after: string;
}

/** Instructions of the program that RE2JS compiles a pattern to. */
const OP = {
  alt: 1,
  altMatch: 2,
  emptyWidth: 4,
  fail: 5,
  match: 6,
  rune: 8,
  rune1: 9,
  any: 10,
  anyNotNewline: 11,
} as const;

interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  matchRune(rune: number): boolean;
}

/** What an instruction of empty width can ask for, by its bit. */
const EMPTY = {
  beginLine: 1,
  endLine: 2,
  beginText: 4,
  endText: 8,
  wordBoundary: 16,
  noWordBoundary: 32,
} as const;

const NEWLINE = 10;
/** Beyond the beginning or the end of the text. */
const EDGE = -1;
/** What an unknown character can be to an instruction of empty width: the end of a line, a letter, something else. */
const ANYTHING = [NEWLINE, 0x61, 0x20];

/**
 * Whether a pattern in RE2 syntax can be found in some text with these ends. `false` is certain; `true` may be said of a
 * pattern whose parts cannot all be met at once.
 */
export function canHold(pattern: string, { before, after }: KnownEnds): boolean {
  const program = new Program(RE2JS.compile(pattern));
  const [begin, end] = [runesOf(before), runesOf(after)];
  const first = end[0] ?? EDGE;
  let states: ReadonlySet<number> = new Set();
  for (const [index, rune] of begin.entries()) {
    const here = program.closure(states, [begin[index - 1] ?? EDGE], [rune]);
    if (here === "match") return true;
    states = program.step(here, rune);
  }
  const here = program.closure(states, [begin.at(-1) ?? EDGE], [...ANYTHING, first]);
  if (here === "match") return true;
  const reached = new Set(here);
  for (let size = -1; size !== reached.size; ) {
    size = reached.size;
    const next = program.closure(program.step(reached, undefined), ANYTHING, [...ANYTHING, first]);
    if (next === "match") return true;
    for (const state of next) reached.add(state);
  }
  states = reached;
  for (const [index, rune] of end.entries()) {
    const next = program.closure(program.step(states, rune), [rune], [end[index + 1] ?? EDGE]);
    if (next === "match") return true;
    states = next;
  }
  return false;
}

/** The program of a pattern, run over all its ways at once. */
class Program {
  readonly #instructions: readonly Instruction[];
  readonly #start: number;

  constructor({ re2Input }: RE2JS) {
    this.#instructions = re2Input.prog.inst;
    this.#start = re2Input.prog.start;
  }

  /** Where the program can be between two characters, having come this far or beginning here. */
  closure(
    states: ReadonlySet<number>,
    lefts: readonly number[],
    rights: readonly number[],
  ): ReadonlySet<number> | "match" {
    const met = lefts.flatMap((left) => rights.map((right) => emptyAt(left, right)));
    const seen = new Set<number>();
    const open = [...states, this.#start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const { op, out, arg } = this.#instructions[at] ?? { op: OP.fail, out: 0, arg: 0 };
      if (op === OP.match) return "match";
      if (op === OP.alt || op === OP.altMatch) open.push(out, arg);
      else if (op === OP.emptyWidth) {
        if (met.some((bits) => (arg & ~bits) === 0)) open.push(out);
      } else if (op < OP.rune && op !== OP.fail) open.push(out);
    }
    return seen;
  }

  /** Where it can go on with a character; undefined: whichever. */
  step(states: ReadonlySet<number>, rune: number | undefined): ReadonlySet<number> {
    const next = new Set<number>();
    for (const at of states) {
      const instruction = this.#instructions[at];
      if (instruction !== undefined && takes(instruction, rune)) next.add(instruction.out);
    }
    return next;
  }
}

function takes(instruction: Instruction, rune: number | undefined): boolean {
  const { op } = instruction;
  if (op < OP.rune || op > OP.anyNotNewline) return false;
  if (rune === undefined || op === OP.any) return true;
  return op === OP.anyNotNewline ? rune !== NEWLINE : instruction.matchRune(rune);
}

/** What is true between two characters. */
function emptyAt(left: number, right: number): number {
  const isBoundary = isWord(left) !== isWord(right);
  return (
    (left === EDGE ? EMPTY.beginText | EMPTY.beginLine : 0) |
    (left === NEWLINE ? EMPTY.beginLine : 0) |
    (right === EDGE ? EMPTY.endText | EMPTY.endLine : 0) |
    (right === NEWLINE ? EMPTY.endLine : 0) |
    (isBoundary ? EMPTY.wordBoundary : EMPTY.noWordBoundary)
  );
}

function isWord(rune: number): boolean {
  return rune >= 0 && /\w/.test(String.fromCodePoint(rune));
}

function runesOf(text: string): readonly number[] {
  return [...text].map((character) => character.codePointAt(0) ?? 0);
}
