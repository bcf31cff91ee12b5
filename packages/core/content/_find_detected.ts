import type { ContentDetector } from "../policy/mod.ts";
import { compilePattern } from "./_compile_pattern.ts";
import { lineAt } from "./_line_at.ts";
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
  const found = new Map<ContentDetector, number>();
  for (const detector of detectors) {
    const line = firstLine(detector, guises, options);
    if (line > 0) found.set(detector, line);
  }
  const encoded = guises.surveys.flatMap(embeddedTexts);
  const missing = encoded.length === 0 ? [] : detectors.filter((detector) => !found.has(detector));
  if (missing.length > 0) {
    const inner = guisesOf(encoded.map((embedded) => embedded.text).join(GAP));
    for (const detector of missing) {
      const line = firstLine(detector, inner, options);
      if (line > 0) found.set(detector, lineOfEmbedded(encoded, line));
    }
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
  /** What a policy's patterns read, made when the first pattern asks. */
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

/** Line of the first find in the first guise that has one, or 0. */
function firstLine(detector: ContentDetector, { surveys, texts }: Guises, options: DetectorOptions): number {
  if (detector.kind === "builtin") {
    for (const surveyed of surveys) {
      const at = DETECTORS[detector.name](surveyed, options);
      if (at >= 0) return lineAt(surveyed.text, at);
    }
    return 0;
  }
  for (const text of texts()) {
    const at = findPattern(detector.pattern, text);
    if (at >= 0) return lineAt(text, at);
  }
  return 0;
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

/** `test` is several times as fast as `find`, and most texts do not match. */
function findPattern(pattern: string, text: string): number {
  const compiled = compilePattern(pattern);
  if (!compiled.test(text)) return -1;
  const matcher = compiled.matcher(text);
  return matcher.find() ? matcher.start() : -1;
}
