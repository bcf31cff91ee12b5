import type { ContentDetector } from "../policy/mod.ts";
import { patternSetOf } from "./_pattern_set.ts";
import type { DetectorOptions } from "./detectors/detector.ts";
import { DETECTORS } from "./detectors/detectors.ts";
import { type EmbeddedText, embeddedTexts } from "./embedded/embedded_texts.ts";
import { lineAt } from "./line_at.ts";
import { joinDigits, mendDigits } from "./normalize/digits.ts";
import { normalize } from "./normalize/normalize.ts";
import { turnedText } from "./normalize/turned_text.ts";
import { unlist } from "./normalize/unlist.ts";
import { type Survey, survey } from "./survey/survey.ts";

/** Which detector found something, and in which line of the text, from 1. */
export interface Detected {
  readonly detector: ContentDetector;
  readonly line: number;
}

/** Keeps texts apart that do not belong together: no detector reads over so many line ends. */
const GAP = "\n".repeat(8);

/** Encoded text in encoded text is followed so far: each is shorter than the one that it was in. */
const MAX_DEPTH = 3;

/** Runs detectors over a text in every guise, and over what is encoded in it. Each detector reports at most once. */
export function findDetected(
  text: string,
  detectors: readonly ContentDetector[],
  options: DetectorOptions = {},
): readonly Detected[] {
  const surveyed = survey(text);
  const guises = surveyed.plain ? plainGuises(surveyed) : guisesOf(text);
  const found = firstLines(detectors, guises, options);
  let outer = guises;
  // Line of the outer text → line of the whole one.
  let lineOf = (line: number): number => line;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const encoded = outer.surveys.flatMap(embeddedTexts);
    const missing = encoded.length === 0 ? [] : detectors.filter((detector) => !found.has(detector));
    if (missing.length === 0) break;
    outer = guisesOf(encoded.map((embedded) => embedded.text).join(GAP));
    const above = lineOf;
    lineOf = (line) => above(lineOfEmbedded(encoded, line));
    for (const [detector, line] of firstLines(missing, outer, options)) found.set(detector, lineOf(line));
  }
  return detectors.flatMap((detector) => {
    const line = found.get(detector);
    return line === undefined ? [] : [{ detector, line }];
  });
}

/** The forms in which a text is looked at. */
interface Guises {
  /** What built-in detectors read. */
  readonly surveys: readonly Survey[];
  /** What a policy's patterns read, made when there are patterns. */
  readonly texts: () => readonly string[];
}

function plainGuises(surveyed: Survey): Guises {
  const { text } = surveyed;
  return {
    surveys: [surveyed, ...piecesOf(text).map(survey)],
    texts: once(() => [...new Set([text, joinDigits(text)])]),
  };
}

function guisesOf(text: string): Guises {
  const { clear, folded, untagged } = normalize(text);
  const turned = turnedText(text);
  const shown = turned === undefined ? undefined : normalize(turned);
  return {
    surveys: [
      ...new Set([
        untagged,
        folded,
        ...piecesOf(untagged),
        ...(shown === undefined ? [] : [shown.untagged, ...piecesOf(shown.untagged)]),
      ]),
    ].map(survey),
    texts: once(() => [
      ...new Set([
        text,
        clear,
        folded,
        untagged,
        joinDigits(untagged),
        ...(shown === undefined ? [] : [shown.untagged]),
      ]),
    ]),
  };
}

/** A link of no text, which divides what stands around it. */
const EMPTY_LINK = /\[\]\([^)\s]{0,200}\)/g;

/** The text with the pieces of lists put together, without empty links, and with letters that stand for digits. */
function piecesOf(text: string): readonly string[] {
  const linked = text.includes("[](") ? text.replace(EMPTY_LINK, "") : text;
  return [unlist(text), mendDigits(text), linked].filter((piece) => piece !== text);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** For each detector that finds something: the line of its first find in the first guise that has one. */
function firstLines(
  detectors: readonly ContentDetector[],
  { surveys, texts }: Guises,
  options: DetectorOptions,
): Map<ContentDetector, number> {
  const found = new Map<ContentDetector, number>();
  for (const detector of detectors) {
    if (detector.kind !== "builtin") continue;
    for (const surveyed of surveys) {
      const at = DETECTORS[detector.name](surveyed, options);
      if (at < 0) continue;
      found.set(detector, lineAt(surveyed.text, at));
      break;
    }
  }
  const patterns = detectors.filter((detector) => detector.kind === "pattern");
  if (patterns.length === 0) return found;
  const set = patternSetOf(patterns.map(({ pattern }) => pattern));
  for (const text of texts()) {
    for (const [index, at] of set.find(text)) {
      const pattern = patterns[index];
      if (pattern !== undefined && !found.has(pattern)) found.set(pattern, lineAt(text, at));
    }
  }
  return found;
}

/** The line of the encoded text that became this line of the decoded ones, joined by `GAP`. */
function lineOfEmbedded(encoded: readonly EmbeddedText[], line: number): number {
  let first = 1;
  for (const embedded of encoded) {
    first += lineAt(embedded.text, embedded.text.length) - 1 + GAP.length;
    if (line < first) return embedded.line;
  }
  return 1;
}
