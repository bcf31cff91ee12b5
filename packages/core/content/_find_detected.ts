import type { ContentDetector } from "../policy/mod.ts";
import { lineAt } from "./_line_at.ts";
import { patternSetOf } from "./_pattern_set.ts";
import type { DetectorOptions } from "./detectors/detector.ts";
import { DETECTORS } from "./detectors/detectors.ts";
import { type EmbeddedText, embeddedTexts } from "./embedded/embedded_texts.ts";
import { joinDigits } from "./normalize/join_digits.ts";
import { normalize } from "./normalize/normalize.ts";
import { type Survey, survey } from "./survey/survey.ts";

/** Which detector found something, and in which line of the text, from 1. */
export interface Detected {
  readonly detector: ContentDetector;
  readonly line: number;
}

/** Keeps texts apart that do not belong together: no detector reads over so many line ends. */
const GAP = "\n".repeat(8);

/** Runs detectors over a text in every guise, and over what is encoded in it. Each detector reports at most once. */
export function findDetected(
  text: string,
  detectors: readonly ContentDetector[],
  options: DetectorOptions = {},
): readonly Detected[] {
  const surveyed = survey(text);
  const guises = surveyed.plain ? plainGuises(surveyed) : guisesOf(text);
  const found = firstLines(detectors, guises, options);
  const encoded = guises.surveys.flatMap(embeddedTexts);
  const missing = encoded.length === 0 ? [] : detectors.filter((detector) => !found.has(detector));
  if (missing.length > 0) {
    const inner = guisesOf(encoded.map((embedded) => embedded.text).join(GAP));
    for (const [detector, line] of firstLines(missing, inner, options))
      found.set(detector, lineOfEmbedded(encoded, line));
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
  return { surveys: [surveyed], texts: once(() => [...new Set([text, joinDigits(text)])]) };
}

function guisesOf(text: string): Guises {
  const { clear, folded, untagged } = normalize(text);
  return {
    surveys: [...new Set([untagged, folded])].map(survey),
    texts: once(() => [...new Set([text, clear, folded, untagged, joinDigits(untagged)])]),
  };
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
