import type { ContentDetector } from "../policy/mod.ts";
import { findDetected } from "./_find_detected.ts";
import type { DetectorOptions } from "./detectors/detector.ts";

/** Where in a text a detector finds something: UTF-16 units, from `start` up to but not with `end`. */
export interface ContentSpan {
  readonly detector: string;
  readonly start: number;
  readonly end: number;
}

/** So many places of each detector; who reads of so many need not be shown more. */
const MAX_SPANS = 20;

/** No find is spread over more lines. */
const MAX_LINES = 128;

/** So much is looked through first for the next find, in UTF-16 units. */
const FIRST_LOOK = 1_000;

/** Longer lines are shown whole, in UTF-16 units. */
const MAX_SHRUNK = 4_000;

/**
 * Where detectors find something in a text as it stands, for whoever shows it: each span alone makes its detector find
 * something, so that nothing is said of text that is not its cause. Of what is only found in a disguise that spans cannot
 * tell, the line is given. In the order of the text.
 */
export function findSpans(
  text: string,
  detectors: readonly ContentDetector[],
  options: DetectorOptions = {},
): readonly ContentSpan[] {
  const spans = findDetected(text, detectors, options).flatMap(({ detector }) =>
    spansOf(text, detector, options),
  );
  return spans.sort((a, b) => a.start - b.start || a.end - b.end);
}

function spansOf(text: string, detector: ContentDetector, options: DetectorOptions): readonly ContentSpan[] {
  const lineIn = (start: number, end: number): number | undefined =>
    findDetected(text.slice(start, end), [detector], options)[0]?.line;
  const finds = (start: number, end: number) => lineIn(start, end) !== undefined;
  const spans: ContentSpan[] = [];
  let from = 0;
  while (spans.length < MAX_SPANS && from < text.length) {
    const line = nextLine(text, from, lineIn);
    if (line === undefined) break;
    const first = startOfLine(text, from, line);
    const end = endOfFind(text, first, finds);
    const span =
      end === undefined
        ? { start: first, end: endOfLines(text, first, 1) }
        : shrink(text, { start: first, end }, finds);
    spans.push({ detector: detector.name, ...span });
    from = Math.max(span.end, from + 1);
  }
  return spans;
}

/** The line of the next find, from 1 at `from`. Most are near: the whole rest of a text is not looked through for each. */
function nextLine(
  text: string,
  from: number,
  lineIn: (start: number, end: number) => number | undefined,
): number | undefined {
  for (let size = FIRST_LOOK; ; size *= 4) {
    const next = text.indexOf("\n", from + size);
    const end = next < 0 ? text.length : next;
    const line = lineIn(from, end);
    if (line !== undefined || end === text.length) return line;
  }
}

/** Where line `line`, from 1, of the text from `from` on begins. */
function startOfLine(text: string, from: number, line: number): number {
  let at = from;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf("\n", at);
    if (next < 0) return at;
    at = next + 1;
  }
  return at;
}

function endOfLines(text: string, start: number, count: number): number {
  let at = start;
  for (let n = 0; n < count; n++) {
    const next = text.indexOf("\n", at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return at - 1;
}

/** With as few lines from `start` on as make the find. */
function endOfFind(
  text: string,
  start: number,
  finds: (start: number, end: number) => boolean,
): number | undefined {
  for (let count = 1; count <= MAX_LINES; count *= 2) {
    const end = endOfLines(text, start, count);
    if (finds(start, end)) return end;
    if (end === text.length) return undefined;
  }
  return undefined;
}

/** Leaves out words at both ends for as long as the rest makes the find. */
function shrink(
  text: string,
  { start, end }: Pick<ContentSpan, "start" | "end">,
  finds: (start: number, end: number) => boolean,
): Pick<ContentSpan, "start" | "end"> {
  if (end - start > MAX_SHRUNK) return { start, end };
  const words = [...text.slice(start, end).matchAll(/\S+/g)];
  const starts = words.map(({ index }) => start + index);
  const last = lastThat(starts, (at) => finds(at, end)) ?? start;
  const ends = words.map(({ 0: word, index }) => start + index + word.length).filter((at) => at > last);
  return withoutMarks(
    text,
    { start: last, end: lastThat(ends.reverse(), (at) => finds(last, at)) ?? end },
    finds,
  );
}

/** Without what stands around words: `**this**,` */
function withoutMarks(
  text: string,
  { start, end }: Pick<ContentSpan, "start" | "end">,
  finds: (start: number, end: number) => boolean,
): Pick<ContentSpan, "start" | "end"> {
  const found = text.slice(start, end);
  const bare = {
    start: start + (/^[\p{P}\p{S}]*/u.exec(found)?.[0].length ?? 0),
    end: end - (/[\p{P}\p{S}]*$/u.exec(found)?.[0].length ?? 0),
  };
  return bare.start < bare.end && finds(bare.start, bare.end) ? bare : { start, end };
}

/** The last of places for which something holds, if it holds for those before it, found by halving; undefined: for none. */
function lastThat(places: readonly number[], holds: (place: number) => boolean): number | undefined {
  let [low, high] = [-1, places.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const place = places[middle];
    if (place !== undefined && holds(place)) low = middle;
    else high = middle;
  }
  return places[low];
}
