import { holdsPattern } from "../content/mod.ts";

/** What a piece of a pattern stands for, as some text that it finds. */
const PIECES: readonly (readonly [RegExp, string])[] = [
  [/\(\?[a-zA-Z]+\)/g, ""],
  [/\\[bBAzZ]/g, ""],
  [/\\d/g, "7"],
  [/\\w/g, "x"],
  [/\\s/g, " "],
  [/\\S/g, "x"],
  [/\[0-9\]/g, "7"],
  [/\[([A-Za-z])[^\]]*\]/g, "$1"],
  [/\(\?:/g, "("],
];

/**
 * Some text in which a pattern of a policy's own (RE2) is found; `undefined`: none could be made up, which does not mean that
 * there is none. What is returned was looked through.
 */
export function sampleText(pattern: string): string | undefined {
  if (!samples.has(pattern)) samples.set(pattern, makeSample(pattern));
  return samples.get(pattern);
}

const samples = new Map<string, string | undefined>();

function makeSample(pattern: string): string | undefined {
  let text = pattern;
  for (const [piece, by] of PIECES) text = text.replace(piece, by);
  const alternatives = [text, text.split("|")[0] ?? ""].map(unrolled);
  return [...alternatives, "x", "7"].find((tried) => tried.trim() !== "" && isFound(tried, pattern));
}

function unrolled(text: string): string {
  let plain = text;
  for (let before = ""; before !== plain; ) {
    before = plain;
    plain = plain.replace(/\(([^()|]*)(?:\|[^()]*)?\)/g, "$1");
  }
  return plain
    .replace(/(\\?.)\{(\d+)(?:,\d*)?\}/g, (_all, piece: string, count: string) =>
      piece.repeat(Math.min(Number(count), 100)),
    )
    .replace(/\\?.[*?]\??/g, "")
    .replace(/\+\??/g, "")
    .replace(/[\^$]/g, "")
    .replace(/\\(.)/g, "$1");
}

function isFound(text: string, pattern: string): boolean {
  try {
    return holdsPattern(text, pattern);
  } catch {
    return false;
  }
}
